/**
 * What the figures of a server look like where no named fault was found: weaker than a finding, and said with its figures.
 * docs/report.md has the rules in words.
 */
import { msText, percentText } from "../record/duration-text.ts";
import { entriesOf } from "../record/entries-of.ts";
import { generatorVerdict } from "../record/generator-verdict.ts";
import { median } from "../record/median.ts";
import { CARRIES } from "../record/percentile-text.ts";
import type { RunRecord } from "../record/read-run.ts";
import { REASONS } from "../record/reason.ts";
import { fullSeconds, serverSeconds, workOf } from "../record/server-seconds.ts";
import { slopeOf } from "../record/trend.ts";
import { minutesOf } from "../record/trend-lines.ts";
import { growthText, toolOf } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { queueingOf } from "./queueing.ts";
import { isWork, type ServerView, serverViews } from "./server-view.ts";

/** The closed list, with what often lies behind it. */
export const SHAPES = {
  "errors-under-load": "a pool or an upstream limit that the load exceeds",
  "slower-under-load": "a busy CPU if the server's own figures say so, else a queue before a lock or a pool",
  grows: "a leak, or something that fills up: measure the server's memory",
  "long-tail": "synchronous input and output, a limit of time inside, or garbage collection",
} as const;
export type ShapeName = keyof typeof SHAPES;

export interface Shape {
  readonly shape: ShapeName;
  readonly server: string;
  /** One sentence with the figures. */
  readonly evidence: string;
}

type Rule = (server: ServerView, record: RunRecord) => string | null;

/** @returns nothing for servers with a finding, and nothing at all of a saturated generator: its times are its own */
export const shapesOf = (
  record: RunRecord,
  findings: readonly Finding[],
  servers: readonly ServerView[] = serverViews(record),
): readonly Shape[] => {
  if (generatorVerdict(record.file).level === "saturated") return [];
  const named = new Set(findings.map(({ server }) => server));
  return servers
    .filter(({ name }) => !named.has(name))
    .flatMap((server) =>
      entriesOf<ShapeName, Rule>(RULES).flatMap(([shape, rule]) => {
        const evidence = rule(server, record);
        return evidence === null ? [] : { shape, server: server.name, evidence };
      }),
    );
};

/** An agent notices no less. */
const NOTICED_MS = 400;
/** Of log-normal times whose p90 is twice the median, p95 is two and a half times as large. */
const LONG_TAIL = 5;

/** High p95 with low p50, of the operation where it is worst. */
const longTail: Rule = ({ operations }) => {
  const tails = [...operations].flatMap(([operation, { outcomes }]) => {
    const times = isWork(operation) ? outcomes.ok?.times.service : undefined;
    if (times === undefined || times.count < CARRIES.p99Ms) return [];
    const { p50Ms, p95Ms } = times;
    const isLong = p50Ms <= NOTICED_MS && p95Ms > NOTICED_MS && p95Ms >= LONG_TAIL * p50Ms;
    return isLong ? { operation, p50Ms, p95Ms } : [];
  });
  const [worst] = tails.sort((a, b) => b.p95Ms / b.p50Ms - a.p95Ms / a.p50Ms);
  if (worst === undefined) return null;
  const { operation, p50Ms, p95Ms } = worst;
  return `${toolOf(operation)} has a p95 of ${msText(p95Ms)} ms beside a p50 of ${msText(p50Ms)} ms`;
};

const FEWEST_CALLS = 20;
const FEWEST_FAILURES = 5;
/** Between the loads that are compared. */
const LEAST_SPREAD = 3;
const LEAST_FACTOR = 3;
/** Standard errors: one in two thousand comparisons goes beyond by chance. */
const ERRORS = 3.3;

/** A larger share fails where more is under way. */
const errorsUnderLoad: Rule = ({ bands }) => {
  const levels = new Map<number, { calls: number; failures: number; underWay: number }>();
  for (const [operation, all] of bands) {
    if (!isWork(operation)) continue;
    for (const { most, outcomes, underWay } of all) {
      const level = levels.get(most) ?? { calls: 0, failures: 0, underWay: 0 };
      levels.set(most, level);
      level.underWay += underWay;
      for (const [outcome, count] of entriesOf(outcomes)) {
        level.calls += count;
        if (outcome !== "ok" && REASONS[outcome].family !== "ours") level.failures += count;
      }
    }
  }
  const known = [...levels.values()].filter(({ calls }) => calls >= FEWEST_CALLS);
  const loadOf = ({ underWay, calls }: (typeof known)[number]): number => underWay / calls;
  known.sort((a, b) => loadOf(a) - loadOf(b));
  const [quiet, busy] = [known[0], known.at(-1)];
  if (quiet === undefined || busy === undefined || loadOf(busy) < LEAST_SPREAD * loadOf(quiet)) return null;
  const [few, many] = [quiet.failures / quiet.calls, busy.failures / busy.calls];
  const all = (quiet.failures + busy.failures) / (quiet.calls + busy.calls);
  const error = Math.sqrt(all * (1 - all) * (1 / quiet.calls + 1 / busy.calls));
  if (busy.failures < FEWEST_FAILURES || many < LEAST_FACTOR * few || many - few < ERRORS * error) return null;
  const loads = [busy, quiet].map((level) => String(Math.max(1, Math.round(loadOf(level)))));
  return `${percentText(busy.failures, busy.calls)} of the calls failed with ${loads[0]} under way, ${percentText(quiet.failures, quiet.calls)} with ${loads[1]}`;
};

/** All that was tried under load gets slower. */
const slowerUnderLoad: Rule = (server) => {
  const [slowest] = queueingOf(server).grown;
  return slowest === undefined ? null : growthText(slowest, server);
};

/** Fewer minutes at full load show no trend. */
const FEWEST_MINUTES = 6;
/** Over the run, of the median minute. */
const LEAST_RISE = 0.25;

/** p50 goes up from minute to minute though the load stays. */
const grows: Rule = ({ name }, record) => {
  const minutes = minutesOf(fullSeconds(serverSeconds(record, name)));
  const found = slopeOf(minutes.map(({ minute, p50Ms }) => ({ x: minute, y: p50Ms })));
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (found === null || first === undefined || last === undefined) return null;
  const rise = found.slope * (last.minute - first.minute);
  const usualMs = median(minutes.map(({ p50Ms }) => p50Ms));
  if (minutes.length < FEWEST_MINUTES || found.low <= 0 || rise < LEAST_RISE * usualMs) return null;
  return `p50 of ${toolOf((workOf(record, name) ?? "").slice(name.length + 1))} rose by ${msText(rise)} ms in ${minutes.length} minutes of the same load, around ${msText(usualMs)} ms`;
};

/** The surest first. */
const RULES = {
  "errors-under-load": errorsUnderLoad,
  "slower-under-load": slowerUnderLoad,
  grows,
  "long-tail": longTail,
} as const satisfies Record<ShapeName, Rule>;
