/**
 * `npm run bench`: how many calls a core makes, how long they take and what they cost, beside the peers that one would
 * use instead, all measured in the same run against a server that is never the limit. docs/performance.md reads it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BenchError } from "./bench-error.ts";
import { makeWorkplace, type Workplace } from "./bridge-settings.ts";
import { endChildren } from "./children.ts";
import { CONTENDERS } from "./contenders.ts";
import { describeMachine, machineLine } from "./machine.ts";
import type { Measurement } from "./measurement.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { ROOT, requireFor } from "./requirements.ts";
import { measureResults } from "./results/measure-results.ts";
import { type Means, measureRounds, sizeOf } from "./rounds.ts";
import { startNullServer } from "./server/null-server.ts";
import { measureIdleSessions, measureSessionOpens } from "./sessions.ts";
import { rowsOf } from "./summary.ts";
import { callTable, idleTable, resultsTable } from "./table.ts";
import { doubtsAbout, mainFigure, serverShare } from "./verdict.ts";
import { labelOf, workloadsOf } from "./workload.ts";

const EXIT = { fine: 0, notJudged: 2, inputWrong: 3, interrupted: 130 } as const;
const EXIT_BY_ERROR = {
  OPTION_WRONG: EXIT.inputWrong,
  PYTHON_MISSING: EXIT.inputWrong,
  BUNDLE_MISSING: EXIT.inputWrong,
  GENERATOR_FAILED: EXIT.notJudged,
  COUNT_WRONG: EXIT.notJudged,
} as const satisfies Record<BenchError["code"], number>;

const bench = async (options: Options, workplace: Workplace): Promise<number> => {
  const python = requireFor(options.contenders);
  const machine = describeMachine(python);
  console.log(machineLine(machine));
  const startedAt = new Date();
  const means: Means = { server: await startNullServer(), workplace, python };
  const plan = { ...options, workloads: workloadsOf(options.users) };

  const measurements: Measurement[] = [];
  for await (const one of measureRounds(plan, means)) {
    measurements.push(one);
    progress(
      `${measurements.length}/${sizeOf(plan)}  ${labelOf(one.workload)}  ${CONTENDERS[one.contender].title}  ${Math.round(one.callsPerSecond)} calls/s`,
    );
  }
  const rows = rowsOf(measurements);

  const wantsSessions = options.idleSessions.length > 0 && options.contenders.includes("locust");
  if (wantsSessions) progress("sessions");
  const idle = wantsSessions ? await measureIdleSessions(options.idleSessions, means) : [];
  const opens = wantsSessions ? await measureSessionOpens(options.windowMs, means) : null;

  if (options.resultRows.length > 0) progress("results of engines");
  const results = await measureResults(options.resultRows, options.runs, workplace);

  progress("");
  if (rows.length > 0) {
    console.log(`\nMedians of ${options.runs} runs of ${options.windowMs / 1000} s each; ratios within a run.\n`);
    console.log(callTable(rows));
  }
  if (idle.length > 0) console.log(`\n${idleTable(idle)}`);
  if (opens !== null) {
    console.log(
      `\nOur client alone opens and closes ${Math.round(opens.opensPerSecond)} sessions a second, ${opens.inFlight} at a time, ${opens.cpuMsPerSession.toFixed(2)} ms of CPU each.`,
    );
  }
  if (results.length > 0) {
    console.log(`\nCSV rows of 8 engines made into a record, medians of ${options.runs} runs; ratios within a run.\n`);
    console.log(resultsTable(results));
  }
  const doubts = doubtsAbout(rows);
  const file = save(startedAt, {
    version: 1,
    startedAt,
    machine,
    options,
    rows,
    measurements,
    idle,
    opens,
    results,
    doubts,
  });
  console.log(
    `\n${[mainFigure(rows), rows.length > 0 ? serverShare(rows) : null, ...doubts.map((doubt) => `Doubtful: ${doubt}.`), `All numbers: ${file}`].filter((line) => line !== null).join("\n")}`,
  );
  return doubts.length > 0 ? EXIT.notJudged : EXIT.fine;
};

/** @returns the file's path, as a person in the project's folder would write it */
const save = (startedAt: Date, results: object): string => {
  const folder = join(ROOT, "bench-results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${startedAt.toISOString().slice(0, 19).replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return relative(process.cwd(), file);
};

/** A live line on a terminal, a line each elsewhere. */
const progress = (text: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${text}`);
  else if (text !== "") console.log(text);
};

const workplace = makeWorkplace();
const end = async (code: number): Promise<never> => {
  await endChildren();
  workplace.remove();
  process.exit(code);
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(EXIT.interrupted));

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.wantsHelp) console.log(HELP);
  await end(options.wantsHelp ? EXIT.fine : await bench(options, workplace));
} catch (error) {
  if (!(error instanceof BenchError)) {
    await endChildren();
    throw error;
  }
  console.error(`\n${error.message}: ${error.detail}`);
  await end(EXIT_BY_ERROR[error.code]);
}
