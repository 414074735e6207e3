/** `swarmbridge report`: what can be typed. The work is in `report.ts`, loaded when used. */
import type { Command } from "commander";

const EXAMPLES = `
The page is one file that needs no network: it can be mailed and archived.
Exit codes: 0 written, whatever it says of the run (swarmbridge gate judges),
2 the record cannot be read, 3 wrong input.

Examples:
  swarmbridge report                       the newest run: report.html beside it
  swarmbridge report 20261121-105500-multi-k3fx
  swarmbridge report -o page.html          there instead
  swarmbridge report --markdown report.md  as Markdown, too
  swarmbridge report --markdown            as Markdown to standard output`;

/** @param end called with the exit code */
export const addReportCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  swarmbridge
    .command("report")
    .description("Write a run as one HTML page: answers, tables, charts.")
    .argument("[run]", "folder of a run record, or its id in results/ (default: the newest)")
    .option("-c, --config <file>", "this file instead of loadtest.yaml, for its criteria")
    .option("-o, --output <file>", "write the page there (default: report.html in the run's folder)")
    .option("--markdown [file]", "write it as Markdown; without a file, print that and write no page")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string | undefined, { config, output, markdown }) => {
      const [{ report }, { processOutput }] = await Promise.all([import("./report.ts"), import("./output.ts")]);
      end(report({ run, config, output, markdown: markdown ?? false }, processOutput()));
    });
};
