/** `swarmbridge ceiling`: what can be typed. The work is in `ceiling/ceiling.ts`, loaded when used. */

import { type Command, Option } from "commander";
import { wholeNumber } from "./whole-number.ts";

const EXAMPLES = `
Words behind -- go to Locust: swarmbridge ceiling learn -- --processes 4
Exit codes: 0 an answer (and not below the baseline), 1 below it, 2 no answer,
3 wrong input, 130 Ctrl-C: what was found until then is kept.

Examples:
  swarmbridge ceiling learn                       1, 5, 10, 20, 30, 50 sessions, 2 minutes each
  swarmbridge ceiling learn --adaptive --max 500  doubles, then narrows the answer down
  swarmbridge ceiling learn --step +10 --to 60 --slo p99=2s,errors=1%
  swarmbridge ceiling learn --baseline ceiling-baseline.json`;

/** @param end called with the exit code */
export const addCeilingCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("ceiling")
    .description("Find how many concurrent sessions a server carries within its limits.")
    .argument("[server]", "its name in loadtest.yaml (default: the only one)")
    // Behind --, for Locust. As an argument of its own it would make the list of commands too wide.
    .allowExcessArguments()
    .option("-c, --config <file>", "this file instead of loadtest.yaml")
    .option("-f, --locustfile <file>", "what users do (default: multi.py, else locustfile.py)")
    .option("--slo <limits>", "p99=2s, errors=1% or both (default: slo of the server, else p99=5s,errors=1%)")
    .option("--steps <counts>", "session counts, such as 1,5,10,20,30,50")
    .option("--step <by>", "from 1 on in steps of so many, such as +5; with --to")
    .option("--to <count>", "where the steps end", wholeNumber)
    .option("--adaptive", "double until a limit breaks, then halve the distance, and repeat until sure")
    .option("--from <count>", "first count of an adaptive search (default: 1)", wholeNumber)
    .option("--max <count>", "largest count of an adaptive search (default: 1000)", wholeNumber)
    .option("--for <time>", "length of a step behind its warm-up (default: 2m)")
    .option("--warm-up <time>", "not measured, at the start of each step (default: 10s)")
    .option("--pause <time>", "between two steps (default: 2s)")
    .option("--per-session", "count callers that share one session, instead of sessions")
    .option("--expect <count>", "sessions that it will have to carry, for the advice", wholeNumber)
    .option("--resume <folder>", "go on with the search that lies there")
    .option("--baseline <file>", "fail when the ceiling has fallen since this one")
    .option("--write-baseline <file>", "keep the answer for later")
    .option("--markdown <file>", "write the answer as Markdown")
    .addOption(new Option("--python <program>", "Python with Locust").default(undefined, "that of .venv"))
    .option("--json", "print the answer as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (server: string | undefined, options, { args: [, ...locust] }: Command) => {
      const [{ ceiling }, { processOutput }] = await Promise.all([
        import("./ceiling/ceiling.ts"),
        import("./output.ts"),
      ]);
      end(await ceiling({ ...options, server, locust }, processOutput()));
    });
};
