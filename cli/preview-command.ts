/** `swarmbridge preview`: what can be typed. The work is in `preview.ts`, loaded when used. */

import type { Command } from "commander";
import { wholeNumber } from "./whole-number.ts";

const EXAMPLES = `
Without --shape: the shape of locust.conf or of load in loadtest.yaml, else
users, spawn rate and run time of locust.conf. Starts nothing.

Shapes: stages such as 30s:5,60s=10,30s:0 (: ramps to, = jumps to and holds),
a name under load.shapes, or smoke, ramp, spike, staircase, bursts, soak.

Examples:
  swarmbridge preview                               what locust -f multi.py would do
  swarmbridge preview --shape soak -u 50 -t 1h
  swarmbridge preview --shape "30s:5,60s=10,30s:0"
  swarmbridge preview --shape "bursts(users=20,burst=30s,idle=90s)"`;

/** @param end called with the exit code */
export const addPreviewCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("preview")
    .description("Draw how many users there will be when, before anything runs.")
    .option("--shape <text>", "this load shape")
    .option("-u, --users <count>", "most users, as with locust", wholeNumber)
    .option("-t, --run-time <time>", "length of the run, as with locust: 90, 10m, 1h30m")
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .option("--json", "print it as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async ({ shape, users, runTime, config, json }) => {
      const [{ preview }, { processOutput }] = await Promise.all([import("./preview.ts"), import("./output.ts")]);
      end(preview({ shape, users, runTime, config, json: json ?? false }, processOutput()));
    });
};
