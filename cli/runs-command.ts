/** `swarmbridge runs` and `runs prune`: what can be typed. The work is in `runs/`, loaded when used. */
import { type Command, Option } from "commander";
import { wholeNumber } from "./whole-number.ts";

/** As gate/compare/quantity.ts has their titles; a test compares. Written here so that a bare `--help` loads nothing. */
export const VALUES = ["p50", "p95", "p99", "mean", "throughput", "errors"] as const;

const EXAMPLES = `
A trend takes the runs with the load of the newest one that has that name:
same locustfile, users and shape, same servers. Runs that are not complete, or
whose generator was saturated, do not count.

Examples:
  swarmbridge runs                                   the newest 20
  swarmbridge runs --all --gate                      all, judged
  swarmbridge runs --trend learn:tools/call:search   its p95, run by run
  swarmbridge runs --trend all --value errors        all operations together
  swarmbridge runs prune --keep 50                   what would go
  swarmbridge runs prune --older-than 30d --yes      deletes it`;

const PRUNE_EXAMPLES = `
Without --yes nothing is deleted: it is said what would be. With both --keep
and --older-than, a run goes that is beyond both. A run stays that
perf-baseline.json was made of, that is still written, or that is at Azure.

Examples:
  swarmbridge runs prune --keep 50
  swarmbridge runs prune --older-than 30d --yes`;

/** @param end called with the exit code */
export const addRunsCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  const runs = swarmbridge
    .command("runs")
    .description("List the runs in results/, show a trend, or prune them.")
    .option("--all", "all of them, not only the newest 20")
    .option("--gate", "judge each one listed by failureCriteria")
    .option("-c, --config <file>", "with --gate: criteria of this file instead of loadtest.yaml")
    .option("--trend <name>", "one name of the statistics over its runs, or all")
    .addOption(new Option("--value <figure>", "with --trend: which figure (default: p95)").choices(VALUES))
    .option("--json", "print it as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async ({ all, gate, config, trend, value, json }) => {
      const [{ runs: list }, { processOutput }] = await Promise.all([import("./runs/runs.ts"), import("./output.ts")]);
      const flags = { all: all === true, gate: gate === true, json: json === true };
      end(list({ ...flags, config, trend, value }, processOutput()));
    });
  runs
    .command("prune")
    .description("Delete old runs. Says first what would go.")
    .option("--keep <number>", "the newest so many stay", wholeNumber)
    .option("--older-than <age>", "younger ones stay: 12h, 30d, 26w")
    .option("--baseline <file>", "keep the runs of this file instead of perf-baseline.json")
    .option("--yes", "delete them")
    .addHelpText("after", PRUNE_EXAMPLES)
    .action(async ({ keep, olderThan, baseline, yes }) => {
      const [{ prune }, { processOutput }] = await Promise.all([import("./runs/prune.ts"), import("./output.ts")]);
      end(prune({ keep, olderThan, baseline, yes: yes === true }, processOutput()));
    });
};
