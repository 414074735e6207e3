/** A run in one JSON object, for dashboards and scripts. Its shape is promised in docs/formats.md. */
import { generatorVerdict } from "../../record/generator-verdict.ts";
import { notMeasured } from "../../record/not-measured.ts";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import { loadRecording } from "../../record/read-run.ts";
import type { Outcome } from "../../record/reason.ts";
import type { Recording } from "../../record/recording.ts";
import type { RunFile } from "../../record/run-file.ts";
import { SECTIONS } from "../../record/section.ts";
import { Times, type TimesSummary } from "../../record/times.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";
import { jsonText } from "./json-text.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

/** Outcomes of calls that were answered with HTTP 200, whatever was in the answer. */
const ANSWERED: readonly Outcome[] = ["ok", "tool-error", "json-rpc-error", "assertion", "leak"];

export function* jsonSummary(run: ExportedRun): Generator<string> {
  yield `${jsonText(summaryOf(run), 2)}\n`;
}

const summaryOf = ({ record, verdict }: ExportedRun) => {
  const { file } = record;
  const { id, state, startedAt, endedAt, endReason, plan, versions, servers } = file;
  const { recording } = loadRecording(record);
  const intervals = intervalsOf(record);
  const seconds = runSeconds(record);
  const { operations, failures, answered } = sums(file);
  const names = SECTIONS.flatMap((section) =>
    Object.entries(file[section]).map(([name, { outcomes, all, ...counted }]) => {
      const bounds = section === "operations" ? intervals.get(name) : undefined;
      return {
        section,
        name,
        ...counted,
        outcomes: Object.fromEntries(Object.entries(outcomes).map(([outcome, { count }]) => [outcome, count])),
        /** Of `ok` answers, by kind. */
        ok: outcomes.ok?.times ?? {},
        all,
        ...(bounds !== undefined && {
          intervals: { p50Ms: bounds.p50Ms, p90Ms: bounds.p90Ms, p95Ms: bounds.p95Ms, p99Ms: bounds.p99Ms },
        }),
      };
    }),
  );
  return {
    version: VERSION,
    run: { id, state, startedAt, endedAt, endReason, seconds, plan, versions, servers },
    verdict: { result: verdict.result, criteria: verdict.rows, invalid: verdict.invalid, notes: verdict.notes },
    generator: generatorVerdict(file),
    totals: { operations, failures, perSecond: operations / seconds, sessionsPeak: file.sessions.peak },
    series: {
      errorRate: operations === 0 ? null : failures / operations,
      toolCallLatencyMs: timesOf(recording, file, (name) => name.includes(":tools/call")),
      requestDurationMs: timesOf(recording, file, () => true),
      checks: {
        passed: answered,
        failed: operations - answered,
        ratio: operations === 0 ? null : answered / operations,
      },
    },
    names,
    notMeasured: notMeasured(record),
    damage: record.damage,
  };
};

const sums = ({ operations }: RunFile): { operations: number; failures: number; answered: number } => {
  const sum = { operations: 0, failures: 0, answered: 0 };
  for (const { count, failures, outcomes } of Object.values(operations)) {
    sum.operations += count;
    sum.failures += failures;
    for (const outcome of ANSWERED) sum.answered += outcomes[outcome]?.count ?? 0;
  }
  return sum;
};

/** Service time over all outcomes; null where nothing has one. Added up, never averaged. */
const timesOf = (
  recording: Recording,
  { operations }: RunFile,
  wants: (name: string) => boolean,
): TimesSummary | null => {
  const sum = new Times();
  for (const { name, kind, times } of recording.series()) {
    if (kind === "service" && Object.hasOwn(operations, name) && wants(name) && times.count > 0) sum.add(times);
  }
  return sum.count === 0 ? null : sum.summary();
};
