/** `swarmbridge export`: what can be typed. The work is in `export.ts`, loaded when used. */

import { type Command, Option } from "commander";
import type { FormatName } from "../report/format/formats.ts";

/** As `report/format/formats.ts` has them; a test compares. Written here so that a bare `--help` loads nothing. */
export const FORMAT_NAMES: readonly FormatName[] = [
  ...(["csv", "csv-timeline", "json", "jsonl", "junit", "markdown", "hlog", "prometheus"] as const),
];

const EXAMPLES = `
Formats:
  csv           one row for each name, with all figures
  csv-timeline  one row for each second and name
  json          the whole run in one object, for dashboards
  jsonl         events, one a line: seconds, failures, the verdict
  junit         the gate's verdict as a test report
  markdown      a short comment for a pull request
  hlog          HdrHistogram log: every time that was taken
  prometheus    text for node_exporter's textfile collector

Examples:
  swarmbridge export --format csv > run.csv
  swarmbridge export 20261121-105500-multi-k3fx --format json -o run.json
  swarmbridge export --format hlog --name learn:tools/call:search \\
    --outcome ok --kind service -o search.hlog`;

/** @param end called with the exit code */
export const addExportCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("export")
    .description("Write a run in a format that another program reads.")
    .argument("[run]", "folder of a run record, or its id in results/ (default: the newest)")
    .addOption(
      new Option("-f, --format <name>", "one of the formats below").choices(FORMAT_NAMES).makeOptionMandatory(),
    )
    .option("-o, --output <file>", "write this file (default: standard output)")
    .option("-c, --config <file>", "take the criteria from this file instead of loadtest.yaml")
    .option("--name <name>", "hlog: only this name of the statistics (repeatable)", collected)
    .option("--outcome <outcome>", "hlog: only this outcome (repeatable)", collected)
    .option("--kind <kind>", "hlog: only this kind of time (repeatable)", collected)
    .addHelpText("after", EXAMPLES)
    .action(async (run: string | undefined, { format, output, config, name, outcome, kind }) => {
      const [{ exportRun }, { processOutput }] = await Promise.all([import("./export.ts"), import("./output.ts")]);
      const filter = { names: name ?? [], outcomes: outcome ?? [], kinds: kind ?? [] };
      end(exportRun({ run, format, output, config, ...filter }, processOutput()));
    });
};

const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
