/** `swarmbridge compare`: what can be typed. The work is in `compare.ts`, loaded when used. */
import { type Command, Option } from "commander";

const EXAMPLES = `
Budgets, when none are given: p95 +15%, p99 +20%, throughput -10%, errors
+0.5 points. Exit codes: 0 within them, 1 one is broken, 2 cannot be judged
(another load, a saturated generator, too few calls), 3 wrong input.

Examples:
  swarmbridge compare RUN-A RUN-B
  swarmbridge compare RUN-A RUN-B RUN-C          B and C, each with A
  swarmbridge compare A1 A2 A3 --with B1 B2 B3   three runs a side
  swarmbridge compare A B --html compare.html --budget p95=20%
  swarmbridge compare --ab       two servers of the newest run (trafficOf)`;

/** @param end called with the exit code */
export const addCompareCommand = (swarmbridge: Command, end: (code: number) => void): void => {
  const command = swarmbridge
    .command("compare")
    .description("Say what differs between runs, and what is only chance.")
    .argument("[runs...]", "folders of run records, or their ids in results/: before, then after")
    .option("--ab", "of one run: each server that has the traffic of another one, with that one")
    .option("--with <runs...>", "those after; all named before it are before");
  withBudgetAndFiles(command)
    .addHelpText("after", EXAMPLES)
    .action(async (runs: string[], options) => {
      const [{ compare, compareInOneRun }, { processOutput }] = await Promise.all([
        import("./compare.ts"),
        import("./output.ts"),
      ]);
      const typed = { runs, with: options.with ?? [], ...told(options) };
      end(options.ab === true ? compareInOneRun(typed, processOutput()) : compare(typed, processOutput()));
    });
};

/** What `baseline check` takes, too. */
export const withBudgetAndFiles = (command: Command): Command =>
  command
    .addOption(
      new Option("--budget <text>", "how much worse it may be: p95=20%, errors=1, p99=none (repeatable)").argParser(
        collected,
      ),
    )
    .option("--html <file>", "write a page with pictures")
    .option("--markdown <file>", "write it as Markdown, such as for a job's summary")
    .option("--junit <file>", "write it as JUnit XML: a case for each budget")
    .option("--json [file]", "write it as JSON; without a file, print that instead of the table");

export const told = ({ budget, html, markdown, junit, json }: Readonly<Record<string, unknown>>) => ({
  budget: (budget ?? []) as readonly string[],
  html: html as string | undefined,
  markdown: markdown as string | undefined,
  junit: junit as string | undefined,
  json: (json ?? false) as string | boolean,
});

const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
