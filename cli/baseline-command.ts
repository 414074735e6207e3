/** `swarmbridge baseline`: what can be typed. The work is in `baseline.ts`, loaded when used. */

import type { Command } from "commander";
import { wholeNumber } from "./whole-number.ts";

const EXAMPLES = `
Take one around each change that matters: it asks for no load, and a mean that
has doubled is a regression.
Exit codes: 0 held, 1 doubled, above --mean or answered with an error,
3 wrong input, 4 unreachable.

Examples:
  swarmbridge baseline learn --tool search --args '{"query": "http"}' --write
  swarmbridge baseline learn --tool search --mean 50ms`;

/** @param end called with the exit code */
export const addBaselineCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("baseline")
    .description("Call a tool 100 times, one after the other, and compare the mean with last time's.")
    .argument("<server>", "its name in loadtest.yaml")
    .requiredOption("--tool <name>", "the tool; it is called, whatever it does")
    .option("--args <json>", "its arguments")
    .option("--calls <count>", "how many are measured (default: 100)", wholeNumber)
    .option("--warm-up <count>", "calls before, not measured (default: 5)", wholeNumber)
    .option("--mean <time>", "limit of the mean, such as 50ms")
    .option("--baseline <file>", "where it is kept (default: perf-baseline.json)")
    .option("--write", "keep this one as the baseline")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .option("--json", "print it as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (server: string, options) => {
      const [{ baseline }, { processOutput }] = await Promise.all([import("./baseline.ts"), import("./output.ts")]);
      end(await baseline({ ...options, server }, processOutput()));
    });
};
