/** The `swarmbridge` command: parses what was typed, calls one function, ends with its code. Every subcommand is loaded when used. */

import { Command, CommanderError } from "commander";
import { VERSION } from "../bridge/version.ts";
import { addAuthCommands } from "./auth-commands.ts";
import { addAzureCommands } from "./azure-commands.ts";
import { addBaselineCommand } from "./baseline-command.ts";
import { addCeilingCommand } from "./ceiling-command.ts";
import { addCompareCommand } from "./compare-command.ts";
import { EXIT, EXIT_OF_SIGNAL } from "./exit-code.ts";
import { addExportCommand } from "./export-command.ts";
import { addGateCommand } from "./gate-command.ts";
import { addPreviewCommand } from "./preview-command.ts";
import { addProbeCommand } from "./probe-command.ts";
import { addReportCommand } from "./report-command.ts";
import { addRunsCommand } from "./runs-command.ts";
import { tellError } from "./tell-error.ts";

const EXAMPLES = `
Examples:
  swarmbridge auth check            all servers of loadtest.yaml
  swarmbridge auth check github     one of them
  swarmbridge auth check --json     for scripts
  swarmbridge auth login mine       log in to Azure in the browser, for later
  swarmbridge gate                  judge the newest run by failureCriteria
  swarmbridge report                write the newest run as one HTML page
  swarmbridge export --format csv   write it for another program
  swarmbridge preview --shape soak  draw the load before it runs
  swarmbridge ceiling learn         how many sessions a server carries
  swarmbridge probe learn           look at it lightly, for hours or days
  swarmbridge compare RUN-A RUN-B   what differs, and what is chance
  swarmbridge baseline save         keep this run in perf-baseline.json
  swarmbridge baseline check        has the newest run become worse?
  swarmbridge runs                  all runs so far; --trend, prune
  swarmbridge azure plan            what a submission to Azure would do
  swarmbridge azure submit          run the same test on Azure, and judge it

A load test is started with Locust: locust -f multi.py (npm start shows it).
Exit codes: 0 fine or passed, 1 failed, 2 cannot be judged (or a defect of
swarmbridge), 3 wrong input, 4 refused or unreachable, 130 Ctrl-C.`;

const program = (end: (code: number) => void): Command => {
  const swarmbridge = new Command("swarmbridge")
    .description("Load-tests MCP servers the way agents use them.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    // `probe` has options and commands, and both have some of the same name.
    .enablePositionalOptions()
    .addHelpText("after", EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    // Said below, as every other error.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addAuthCommands(swarmbridge, end);
  addGateCommand(swarmbridge, end);
  addReportCommand(swarmbridge, end);
  addExportCommand(swarmbridge, end);
  addCeilingCommand(swarmbridge, end);
  addPreviewCommand(swarmbridge, end);
  addProbeCommand(swarmbridge, end);
  addCompareCommand(swarmbridge, end);
  addBaselineCommand(swarmbridge, end);
  addRunsCommand(swarmbridge, end);
  addAzureCommands(swarmbridge, end);
  return swarmbridge;
};

const run = async (words: readonly string[]): Promise<number> => {
  let code: number = EXIT.fine;
  const swarmbridge = program((ended) => {
    code = ended;
  });
  try {
    if (words.length === 0) swarmbridge.outputHelp();
    else await swarmbridge.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine; // help, version
    return tellError(error, words.includes("--json"));
  }
};

const main = async (): Promise<void> => {
  // An exit, and not the signal's own end: at an exit the programs that run for a token are killed.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(EXIT_OF_SIGNAL[signal]));
  }
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read the output has seen enough: `swarmbridge auth check | head -1`.
    if (error.code === "EPIPE") process.exit(EXIT.fine);
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2));
};

void main();
