/** `swarmbridge azure submit | status | stop | runs | download | delete | compare`: what can be typed about runs at Azure. */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { AzureFile, Knobs } from "./azure/open-azure.ts";
import { wholeNumber } from "./whole-number.ts";

type Work<Options> = (file: AzureFile, options: Options, output: Output, knobs: Knobs) => Promise<number>;
type Output = ReturnType<typeof import("./output.ts").processOutput>;

const SUBMIT_HELP = `
Ctrl-C while it runs asks: stop the run, or detach and let it go on at Azure.
A second Ctrl-C detaches. Without a terminal (a pipeline) Ctrl-C stops the run.

Exit codes: 0 passed, 1 failed, 2 cannot be judged, 3 wrong input, 4 Azure
refused, could not be reached, or the run failed there, 130 Ctrl-C.`;

/** @param end called with the exit code @param knobs only tests say any */
export const addAzureRunCommands = (azure: Command, end: (code: number) => void, knobs: Knobs = {}): void => {
  const common = (command: Command): Command =>
    command
      .option("-c, --config <file>", "this file instead of loadtest.yaml")
      .option("--json", "one JSON object on standard output; progress goes to standard error", false);

  const run = async <Options>(config: string | undefined, load: () => Promise<Work<Options>>, options: Options) => {
    const [work, { loadWholeFor }, { processOutput }] = await Promise.all([
      load(),
      import("./load-for.ts"),
      import("./output.ts"),
    ]);
    end(await work(loadWholeFor(config), options, processOutput(), knobs));
  };

  common(azure.command("submit"))
    .description("Create or update the test, upload its files, start a run, follow it, fetch and judge its results.")
    .option("--detach", "end when the run is started", false)
    .addHelpText("after", SUBMIT_HELP)
    .action(async ({ config, ...options }) =>
      run(config, async () => (await import("./azure/submit.ts")).azureSubmit, options),
    );
  common(azure.command("status"))
    .description("How a run is; when it has ended, its results and verdict.")
    .argument("[run]", "id (default: the newest that was submitted from here)")
    .option("--wait", "follow it to its end", false)
    .action(async (id: string | undefined, { config, ...options }) =>
      run(config, async () => (await import("./azure/status.ts")).azureStatus, { ...options, run: id }),
    );
  common(azure.command("stop"))
    .description("End a run before its time.")
    .argument("[run]", "id (default: the newest that was submitted from here)")
    .action(async (id: string | undefined, { config, ...options }) =>
      run(config, async () => (await import("./azure/stop.ts")).azureStop, { ...options, run: id }),
    );
  common(azure.command("runs"))
    .description("The runs of the test, newest first.")
    .option("--test <id>", "of this test instead of testId in loadtest.yaml")
    .addOption(new Option("-n, --most <number>", "at most so many").argParser(wholeNumber).default(20))
    .action(async ({ config, ...options }) =>
      run(config, async () => (await import("./azure/runs.ts")).azureRuns, options),
    );
  common(azure.command("download"))
    .description("Fetch the files of a run and make its record, also of one that was started elsewhere.")
    .argument("[run]", "id (default: the newest that was submitted from here)")
    .action(async (id: string | undefined, { config, ...options }) =>
      run(config, async () => (await import("./azure/download.ts")).azureDownload, { ...options, run: id }),
    );
  common(azure.command("delete"))
    .description("Delete a run, or the test with all its runs, at Azure. Records here stay.")
    .argument("<what>", "run or test")
    .argument("<id>", "its id")
    .option("--yes", "do it", false)
    .action(async (what: string, id: string, { config, ...options }) =>
      run(config, async () => (await import("./azure/delete.ts")).azureDelete, {
        ...options,
        what: deletable(what),
        id,
      }),
    );
  common(azure.command("compare"))
    .description("Two runs, name by name. What is not here is fetched.")
    .argument("<before>", "id, or folder of a record")
    .argument("<after>", "id, or folder of a record")
    .action(async (before: string, after: string, { config, ...options }) =>
      run(config, async () => (await import("./azure/compare.ts")).azureCompare, { ...options, before, after }),
    );
};

const deletable = (word: string): "run" | "test" => {
  if (word === "run" || word === "test") return word;
  throw new InvalidArgumentError("must be run or test");
};
