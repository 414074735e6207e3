import { existsSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { findingLines } from "../../diagnosis/finding-lines.ts";
import { completeRun } from "../../record/complete-run.ts";
import type { LocustStatistics } from "../../record/locust-differences.ts";
import { mergeParts } from "../../record/merge-parts.ts";
import { readRun } from "../../record/read-run.ts";
import type { Tally } from "../../record/sample.ts";
import { summarize } from "../../record/summary.ts";
import { toolsBefore } from "../../record/tools-before.ts";

/**
 * The last act of a run, after its bridges: completes the record in a folder (merges the parts of several processes,
 * takes Python's counts where no bridge was left to write them down) and prints the summary.
 */

/** What Locust's side hands over on standard input, one JSON object; both are optional. */
interface Facts {
  readonly locust?: LocustStatistics;
  readonly tally?: Tally;
}

/** Ten thousand names take about a megabyte. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * @returns the exit code
 * @throws {RecordError} when there is no record in the folder, or none that can be read
 */
export const finish = async (dir: string): Promise<number> => {
  const { locust, tally } = await readFacts();
  if (tally !== undefined) completeRun(dir, tally, "the bridge was lost");
  const record = existsSync(join(dir, "parts")) ? mergeParts(dir) : readRun(dir);
  const text = summarize(record, {
    ...(locust !== undefined && { locust }),
    toolsBefore: toolsBefore(record),
    verdict: (page) => findingLines(diagnose(record), page),
    columns: process.stdout.columns ?? 100,
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
  process.stdout.write(`\n${text}`);
  return 0;
};

const readFacts = async (): Promise<Facts> => {
  if (process.stdin.isTTY) return {};
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new FactsError("more than 16 MiB came on standard input");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8").trim();
  if (text === "") return {};
  try {
    return JSON.parse(text) as Facts;
  } catch (cause) {
    throw new FactsError("standard input is not one JSON object", { cause });
  }
};

/** Whoever started `finish` handed over something else than it takes. Exit code 3. */
class FactsError extends Error {
  readonly code = "FACTS_INVALID";
  readonly exitCode = 3;
}
