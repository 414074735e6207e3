/** A run as CSV: one row for each name of each section, with all its figures. docs/formats.md lists the columns. */
import { entriesOf } from "../../record/entries-of.ts";
import { KINDS } from "../../record/latency-log.ts";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import type { OperationRecord } from "../../record/run-file.ts";
import { SECTIONS } from "../../record/section.ts";
import type { TimesSummary } from "../../record/times.ts";
import { type CsvValue, csvRow } from "./csv-text.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";

const FIGURES = {
  count: "count",
  min_ms: "minMs",
  mean_ms: "meanMs",
  p50_ms: "p50Ms",
  p90_ms: "p90Ms",
  p95_ms: "p95Ms",
  p99_ms: "p99Ms",
  p999_ms: "p999Ms",
  max_ms: "maxMs",
} as const satisfies Record<string, keyof TimesSummary>;

const COUNTED = [
  ...["run", "section", "name", "count", "failures", "error_percent", "per_second", "reasons"],
  ...["bytes_in", "bytes_out"],
] as const;
/** Bounds of 95 % of the service time's percentiles. */
const BOUNDS = ["p50Ms", "p95Ms", "p99Ms"] as const;

const HEADER: readonly string[] = [
  ...COUNTED,
  ...KINDS.flatMap((kind) => Object.keys(FIGURES).map((figure) => `${kind.replaceAll("-", "_")}_${figure}`)),
  ...BOUNDS.flatMap((key) => [`service_${key.slice(0, -2)}_low_ms`, `service_${key.slice(0, -2)}_high_ms`]),
];

/** Times are those of `ok` answers, as in all tables of a run. */
export function* csvSummary({ record }: ExportedRun): Generator<string> {
  const { file } = record;
  const seconds = runSeconds(record);
  const intervals = intervalsOf(record);
  yield csvRow(HEADER);
  for (const section of SECTIONS) {
    for (const [name, each] of Object.entries(file[section])) {
      const { count, failures, bytesIn, bytesOut } = each;
      const errorPercent = count === 0 ? null : (100 * failures) / count;
      const bounds = section === "operations" ? intervals.get(name) : undefined;
      yield csvRow([
        ...[file.id, section, name, count, failures, errorPercent, count / seconds, reasonsOf(each)],
        ...[bytesIn, bytesOut],
        ...KINDS.flatMap((kind) => figuresOf(each.outcomes.ok?.times[kind])),
        ...BOUNDS.flatMap((key) => [bounds?.[key].lowMs ?? null, bounds?.[key].highMs ?? null]),
      ]);
    }
  }
}

const figuresOf = (times: TimesSummary | undefined): CsvValue[] =>
  Object.values(FIGURES).map((figure) => times?.[figure] ?? null);

/** `timeout:2 http-429:1`, the most frequent first. */
const reasonsOf = ({ outcomes }: OperationRecord): string =>
  entriesOf(outcomes)
    .filter(([outcome, { count }]) => outcome !== "ok" && count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([outcome, { count }]) => `${outcome}:${count}`)
    .join(" ");
