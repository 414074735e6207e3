/**
 * `npm run bench:truth`: what this project and its peers report of calls, beside what the server knows of the same calls.
 * docs/measurement.md reads it.
 */
import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { BenchError } from "../bench-error.ts";
import { makeWorkplace, type Workplace } from "../bridge-settings.ts";
import { endChildren } from "../children.ts";
import { describeMachine } from "../machine.ts";
import { findPython, ROOT, requireBundle } from "../requirements.ts";
import { cellsOf, labelOf } from "./cell.ts";
import { CONTENDERS, contenderOf } from "./contenders.ts";
import { measureTruth, type TruthMeasurement } from "./measure.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { complaintsAbout, resultsText } from "./results-text.ts";
import { latestResults, putIntoDocs, type SavedResults, save } from "./saved-results.ts";
import { startTruthServer } from "./truth-server.ts";

const EXIT = { fine: 0, notJudged: 2, inputWrong: 3, interrupted: 130 } as const;
const EXIT_BY_ERROR = {
  OPTION_WRONG: EXIT.inputWrong,
  PYTHON_MISSING: EXIT.inputWrong,
  BUNDLE_MISSING: EXIT.inputWrong,
  GENERATOR_FAILED: EXIT.notJudged,
  COUNT_WRONG: EXIT.notJudged,
} as const satisfies Record<BenchError["code"], number>;

/** Until V8 has compiled what is hot, and users who began together have drifted apart. */
const WARM_UP_MS = 2_000;

const bench = async (options: Options, workplace: Workplace): Promise<number> => {
  const cells = cellsOf(options);
  const python = findPython();
  if (cells.some(({ contender }) => contenderOf(contender).needsBundle)) requireBundle();
  const server = await startTruthServer(python.path);
  const startedAt = new Date().toISOString();
  const machine = describeMachine(python);

  const measurements: TruthMeasurement[] = [];
  const { runs, windowMs, isFull, users, kinds, contenders } = options;
  const results: SavedResults = {
    version: 1,
    startedAt,
    commit: commitOf(),
    machine,
    options: { runs, windowMs, isFull, users, kinds, contenders },
    planned: cells.length * runs,
    stamps: server.stamps,
    measurements,
  };
  let file = "";
  for (let run = 0; run < runs; run += 1) {
    for (const cell of cells) {
      const lengths = { warmUpMs: WARM_UP_MS, windowMs };
      const one = await measureTruth(cell, lengths, run + 1, { server, workplace, python: python.path });
      measurements.push(one);
      // Half an hour of measurements, and the next cell may fail.
      file = save(results);
      console.error(
        `${measurements.length}/${results.planned}  ${labelOf(cell)}  ${CONTENDERS[cell.contender].title}  p99 ${one.reported.p99Ms.toFixed(1)} ms, true ${one.truth.p99Ms.toFixed(1)} ms, ${one.standing}`,
      );
    }
  }
  const complaints = complaintsAbout(measurements);
  console.log(options.isJson ? JSON.stringify(results) : `\n${resultsText(results)}\n`);
  for (const complaint of complaints) console.error(`${complaint}.`);
  console.error(`All numbers: ${relative(process.cwd(), file)}`);
  return complaints.length > 0 ? EXIT.notJudged : EXIT.fine;
};

/** Null outside of a checkout. */
const commitOf = (): string | null => {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
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
  else if (options.wantsMarkdown) putIntoDocs(resultsText(latestResults()));
  else await end(await bench(options, workplace));
  await end(EXIT.fine);
} catch (error) {
  if (!(error instanceof BenchError)) {
    await endChildren();
    throw error;
  }
  console.error(`\n${error.message}: ${error.detail}`);
  await end(EXIT_BY_ERROR[error.code]);
}
