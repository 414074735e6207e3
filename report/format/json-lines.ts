/** A run as events, one JSON object a line: for log stores, `jq` and whatever reads a stream. */

import { generatorVerdict } from "../../record/generator-verdict.ts";
import { ownValue } from "../../record/own-value.ts";
import { type RunRecord, timelineRows } from "../../record/read-run.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";
import { jsonText } from "./json-text.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

/** The run, its seconds and gaps in the order of time, failures, the verdict. Each has `type`, `run` and `time` (ISO 8601). */
export function* jsonLines({ record, verdict }: ExportedRun): Generator<string> {
  const { file, failures } = record;
  const { id: run, startedAt, plan, versions, servers } = file;
  const endedAt = file.endedAt ?? file.updatedAt;
  const line = (type: string, time: string, fields: object): string => `${jsonText({ type, run, time, ...fields })}\n`;
  yield line("run", startedAt, { version: VERSION, plan, versions, servers });
  for (const { type, ms, fields } of inTime(record)) yield line(type, new Date(ms).toISOString(), fields);
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

interface Event {
  readonly type: "second" | "gap";
  /** Wall clock. */
  readonly ms: number;
  readonly fields: object;
}

/** The log has a line a second in its order; gaps stand in the record's head. */
function* inTime(record: RunRecord): Generator<Event> {
  const { startedAt, gaps } = record.file;
  const firstMs = Math.floor(Date.parse(startedAt) / 1000) * 1000;
  const waiting = gaps
    .map(({ at, ...fields }): Event => ({ type: "gap", ms: Date.parse(at), fields }))
    .sort((a, b) => a.ms - b.ms);
  for (const row of timelineRows(record)) {
    const ms = firstMs + row.second * 1000;
    while (waiting[0] !== undefined && waiting[0].ms < ms) yield* waiting.splice(0, 1);
    yield { type: "second", ms, fields: row };
  }
  yield* waiting;
}
