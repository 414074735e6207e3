/** `swarmbridge azure …` at the pace of the fake service: the commands, the errors and the signals are the real ones. */

import { Command } from "commander";
import { PACE } from "../../azure/run/pace.ts";
import { addAzureRunCommands } from "../../cli/azure-run-commands.ts";
import { tellError } from "../../cli/tell-error.ts";

const FAST = {
  pace: {
    ...PACE,
    validationPollMs: 30,
    followPollMs: 40,
    resultsPollMs: 40,
    patienceMs: 3_000,
    appearsWithinMs: 500,
    provisioningMs: 10_000,
    marginMs: 5_000,
    firstPauseMs: 50,
    longestPauseMs: 200,
    settlesWithinMs: 500,
    refusedForMs: 600,
  },
  limits: { callMs: 1_500, requestMs: 1_000, stallMs: 1_000 },
};

const run = async (words: readonly string[]): Promise<number> => {
  let code = 0;
  const azure = new Command("azure").exitOverride();
  addAzureRunCommands(
    azure,
    (ended) => {
      code = ended;
    },
    FAST,
  );
  try {
    await azure.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    return tellError(error, words.includes("--json"));
  }
};

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
