/** A run as events, one JSON object a line: for log stores, `jq` and whatever reads a stream. */

import { generatorVerdict } from "../../record/generator-verdict.ts";
import { ownValue } from "../../record/own-value.ts";
import { timelineRows } from "../../record/read-run.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";
import { jsonText } from "./json-text.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

/** In the order of time; the verdict comes last. Each line has `type`, `run` and `time` (ISO 8601). */
export function* jsonLines({ record, verdict }: ExportedRun): Generator<string> {
  const { file, failures } = record;
  const { id: run, startedAt, plan, versions, servers } = file;
  const endedAt = file.endedAt ?? file.updatedAt;
  const line = (type: string, time: string, fields: object): string => `${jsonText({ type, run, time, ...fields })}\n`;
  const firstMs = Math.floor(Date.parse(startedAt) / 1000) * 1000;
  yield line("run", startedAt, { version: VERSION, plan, versions, servers });
  for (const row of timelineRows(record)) {
    yield line("second", new Date(firstMs + row.second * 1000).toISOString(), row);
  }
  for (const { at, ...gap } of file.gaps) yield line("gap", at, gap);
  for (const { name, outcome, samples } of failures) {
    const count =
      ownValue(file.operations, name)?.outcomes[outcome]?.count ?? ownValue(file.auth, name)?.outcomes[outcome]?.count;
    yield line("failure", endedAt, { name, outcome, count: count ?? null, samples });
  }
  yield line("verdict", endedAt, {
    result: verdict.result,
    state: file.state,
    endReason: file.endReason,
    seconds: runSeconds(record),
    operations: verdict.run.operations,
    failures: verdict.run.failures,
    generator: generatorVerdict(file),
    criteria: verdict.rows,
    invalid: verdict.invalid,
    notes: verdict.notes,
  });
}
