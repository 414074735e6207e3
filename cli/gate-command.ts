/** `swarmbridge gate`: what can be typed. The work is in `gate.ts`, loaded when used. */

import { type Command, Option } from "commander";

/** As `gate/profiles.ts` has them; a test compares. Written here so that a bare `--help` loads nothing. */
const PROFILES = ["smoke", "release"] as const;

const EXAMPLES = `
Without failureCriteria in loadtest.yaml, the profile smoke judges.
Exit codes: 0 passed, 1 failed, 2 cannot be judged, 3 wrong input.

Examples:
  swarmbridge gate                                  the newest run in results/
  swarmbridge gate 20261121-105500-multi-k3fx       that one
  swarmbridge gate --junit gate.xml --markdown gate.md
  swarmbridge gate --criterion "p99.9(response_time_ms) > 800"`;

/** @param end called with the exit code */
export const addGateCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("gate")
    .description("Judge a run by failureCriteria: passed, failed, or not to be judged.")
    .argument("[run]", "folder of a run record, or its id in results/ (default: the newest)")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .addOption(new Option("--profile <name>", "these criteria instead of the file's").choices(PROFILES))
    .option("--criterion <text>", "one more criterion, for this command alone (repeatable)", collected)
    .option("--junit <file>", "write the verdict as JUnit XML")
    .option("--markdown <file>", "write it as Markdown, such as for a job's summary")
    .option("--json [file]", "write it as JSON; without a file, print that instead of the table")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string | undefined, { config, profile, criterion, junit, markdown, json }) => {
      const [{ gate }, { processOutput }] = await Promise.all([import("./gate.ts"), import("./output.ts")]);
      const options = { run, config, profile, criteria: criterion ?? [], junit, markdown, json: json ?? false };
      end(gate(options, processOutput()));
    });
};

const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
