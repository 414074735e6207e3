/** `swarmbridge baseline call | save | check`: what can be typed. The work is in `baseline/`, loaded when used. */
import type { Command } from "commander";
import { told, withBudgetAndFiles } from "./compare-command.ts";
import { wholeNumber } from "./whole-number.ts";

const EXAMPLES = `
Examples:
  swarmbridge baseline save      keep the newest run in perf-baseline.json
  swarmbridge baseline check     has the newest run become worse?
  swarmbridge baseline call learn --tool search
                                 has this tool become slower, without load?`;

const SAVE_EXAMPLES = `
The file is small and belongs into the repository. Several runs are better than
one: they show how far runs of one build differ.

Examples:
  swarmbridge baseline save
  swarmbridge baseline save RUN-1 RUN-2 RUN-3 --baseline ci/perf-baseline.json`;

const CHECK_EXAMPLES = `
Budgets, when none are given: p95 +15%, p99 +20%, throughput -10%, errors
+0.5 points. Exit codes: 0 within them, 1 one is broken, 2 cannot be judged
(another load, a saturated generator, too few calls), 3 wrong input.

Examples:
  swarmbridge baseline check
  swarmbridge baseline check --markdown "$GITHUB_STEP_SUMMARY" --junit perf.xml
  swarmbridge baseline check RUN-1 RUN-2 --budget p95=20%`;

const CALL_EXAMPLES = `
Take one around each change that matters: it asks for no load, and a mean that
has doubled is a regression.
Exit codes: 0 held, 1 doubled, above --mean or answered with an error,
3 wrong input, 4 unreachable.

Examples:
  swarmbridge baseline call learn --tool search --args '{"query": "x"}' --write
  swarmbridge baseline call learn --tool search --mean 50ms`;

/** @param end called with the exit code */
export const addBaselineCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  const baseline = swarmbridge
    .command("baseline")
    .description("Keep what a build can do, and hold later ones against it.")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES);
  addSave(baseline, end);
  addCheck(baseline, end);
  addCall(baseline, end);
};

const addSave = (baseline: Command, end: (code: number) => void): void => {
  baseline
    .command("save")
    .description("Keep the figures of runs in perf-baseline.json.")
    .argument("[runs...]", "folders of run records, or their ids in results/ (default: the newest)")
    .option("--baseline <file>", "there instead of perf-baseline.json")
    .addHelpText("after", SAVE_EXAMPLES)
    .action(async (runs: string[], options) => {
      const [{ baselineSave }, { processOutput }] = await Promise.all([
        import("./baseline/save.ts"),
        import("./output.ts"),
      ]);
      end(baselineSave({ ...options, runs }, processOutput()));
    });
};

const addCheck = (baseline: Command, end: (code: number) => void): void => {
  const command = baseline
    .command("check")
    .description("Hold runs against perf-baseline.json, by budgets.")
    .argument("[runs...]", "folders of run records, or their ids in results/ (default: the newest)")
    .option("--baseline <file>", "this one instead of perf-baseline.json");
  withBudgetAndFiles(command)
    .addHelpText("after", CHECK_EXAMPLES)
    .action(async (runs: string[], options) => {
      const [{ baselineCheck }, { processOutput }] = await Promise.all([
        import("./baseline/check.ts"),
        import("./output.ts"),
      ]);
      end(baselineCheck({ ...options, runs, ...told(options) }, processOutput()));
    });
};

const addCall = (baseline: Command, end: (code: number) => void): void => {
  baseline
    .command("call")
    .description("Call a tool 100 times, one after the other, and compare the mean with last time's.")
    .argument("<server>", "its name in loadtest.yaml")
    .requiredOption("--tool <name>", "the tool; it is called, whatever it does")
    .option("--args <json>", "its arguments")
    .option("--calls <count>", "how many are measured (default: 100)", wholeNumber)
    .option("--warm-up <count>", "calls before, not measured (default: 5)", wholeNumber)
    .option("--mean <time>", "limit of the mean, such as 50ms")
    .option("--baseline <file>", "where it is kept (default: call-baseline.json)")
    .option("--write", "keep this one as the baseline")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .option("--json", "print it as JSON")
    .addHelpText("after", CALL_EXAMPLES)
    .action(async (server: string, options) => {
      const [{ baselineCall }, { processOutput }] = await Promise.all([
        import("./baseline/call.ts"),
        import("./output.ts"),
      ]);
      end(await baselineCall({ ...options, server }, processOutput()));
    });
};
