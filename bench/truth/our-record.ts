/** What a run of this project says of itself, in its run record. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type GeneratorLevel, generatorVerdict } from "../../record/generator-verdict.ts";
import { droppedStarts } from "../../record/planned-starts.ts";
import { readRun } from "../../record/read-run.ts";
import { BenchError } from "../bench-error.ts";
import { BENCH_SERVER } from "../bridge-settings.ts";
import type { Percentiles } from "./task.ts";

export interface OurRecord {
  readonly count: number;
  /** Planned starts that found no free user. */
  readonly dropped: number;
  readonly reported: Percentiles;
  /** What the harness added, p99 in ms; like the verdict of the whole run, its handshakes and warm-up included. */
  readonly harnessDelay: { readonly beforeMs: number; readonly afterMs: number };
  readonly verdict: { readonly level: GeneratorLevel; readonly reasons: readonly string[] };
}

/**
 * @param results folder of the one run
 * @throws {BenchError} GENERATOR_FAILED when there is no record of numbered calls
 */
export const readOurRecord = (results: string, time: "service" | "response"): OurRecord => {
  const [id] = readdirSync(results);
  const { file } = readRun(join(results, id ?? ""));
  const operation = file.operations[`${BENCH_SERVER}:tools/call:timed`];
  const times = operation?.outcomes.ok?.times[time];
  if (operation === undefined || times === undefined) {
    throw new BenchError("GENERATOR_FAILED", `the record ${id} has no times of numbered calls`);
  }
  const { p50Ms, p95Ms, p99Ms } = times;
  const { level, reasons } = generatorVerdict(file);
  return {
    count: operation.count,
    dropped: droppedStarts(file),
    reported: { p50Ms, p95Ms, p99Ms },
    harnessDelay: { beforeMs: file.harnessDelay.before.p99Ms, afterMs: file.harnessDelay.after.p99Ms },
    verdict: { level, reasons },
  };
};
