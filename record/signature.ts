/**
 * What is typical of each server in a run: the cost of a handshake, the tail of its tool calls, how often it fails, and
 * the tier that follows from them. Percentiles are read from merged histograms, never averaged over names.
 */
import { countText, msText, percentText } from "./duration-text.ts";
import { endedOf, failuresOf } from "./limit-use.ts";
import { indented, type Page } from "./page.ts";
import { percentileText } from "./percentile-text.ts";
import { type LoadedRecording, loadRecording, type RunRecord } from "./read-run.ts";
import type { Recording } from "./recording.ts";
import type { OperationRecord } from "./run-file.ts";
import { HANDSHAKES, serverOf } from "./server-part.ts";
import { printable, tableLines } from "./text-table.ts";
import { Times, type TimesSummary } from "./times.ts";

/** The order is the precedence: the three look at different statistics, and a server may fit several. */
export const TIERS = ["Heavy", "Fast", "Consistent"] as const;
export type Tier = (typeof TIERS)[number];

const HEAVY_ABOVE_MS = 1000;
const FAST_BELOW_MS = 900;
/** Nobody has said what a small gap is; this is our reading. */
const CONSISTENT_WITHIN_PERCENT = 25;

export interface TierOptions {
  /** How far p90 may lie above the average for `Consistent`, in percent of the average. */
  readonly gapPercent?: number;
}

/** Service times of ok answers, ms; null where there was none. */
export interface Signature {
  readonly server: string;
  /** Over `initialize` and `server/discover`. */
  readonly handshake: TimesSummary | null;
  /** Over all tools. */
  readonly toolCalls: TimesSummary | null;
  /** Of all operations with the server; what the end of the run cut off is in neither. */
  readonly count: number;
  readonly failures: number;
  /** null when no tool call succeeded, or no tier fits. */
  readonly tier: Tier | null;
}

/** Reads the record's histograms, a moment of work for a long run, unless it is given them. */
export const signatures = (
  record: RunRecord,
  options: TierOptions = {},
  { recording }: Pick<LoadedRecording, "recording"> = loadRecording(record),
): Signature[] => {
  const servers = new Map<string, [name: string, operation: OperationRecord][]>();
  for (const [name, operation] of Object.entries(record.file.operations)) {
    const server = serverOf(name);
    servers.set(server, [...(servers.get(server) ?? []), [name, operation]]);
  }
  return [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([server, operations]) => signatureOf(server, operations, recording, options));
};

/** @param page its width bounds the lines @returns a title, the table, and the rule by which a tier is given */
export const signatureLines = (
  all: readonly Signature[],
  { columns, paint }: Page,
  { gapPercent = CONSISTENT_WITHIN_PERCENT }: TierOptions = {},
): string[] => {
  if (all.length === 0) return [];
  const [head = "", ...rows] = tableLines([HEADER, ...all.map(cellsOf)], columns);
  return [
    paint("bold", "signature of each server"),
    paint("dim", head),
    ...rows,
    ...indented(tierRule(gapPercent), columns).map((line) => paint("dim", line)),
  ];
};

/** The rule in words, as it is printed below every table of tiers. */
export const tierRule = (gapPercent: number = CONSISTENT_WITHIN_PERCENT): string =>
  `tier: the first that fits of Heavy (average above ${countText(HEAVY_ABOVE_MS)} ms), Fast (p90 below ${FAST_BELOW_MS} ms), ` +
  `Consistent (p90 at most ${gapPercent}% above the average); service time of ok tool calls, ms`;

const RULES = {
  Heavy: ({ meanMs }) => meanMs > HEAVY_ABOVE_MS,
  Fast: ({ p90Ms }) => p90Ms < FAST_BELOW_MS,
  Consistent: ({ meanMs, p90Ms }, gapPercent) => p90Ms <= meanMs * (1 + gapPercent / 100),
} as const satisfies Record<Tier, (times: TimesSummary, gapPercent: number) => boolean>;

export const tierOf = (
  toolCalls: TimesSummary,
  { gapPercent = CONSISTENT_WITHIN_PERCENT }: TierOptions = {},
): Tier | null => TIERS.find((tier) => RULES[tier](toolCalls, gapPercent)) ?? null;

const signatureOf = (
  server: string,
  operations: readonly (readonly [name: string, operation: OperationRecord])[],
  recording: Recording,
  options: TierOptions,
): Signature => {
  /** @param isWanted is told the name without the server's */
  const mergedOf = (isWanted: (rest: string) => boolean): TimesSummary | null => {
    const sum = new Times();
    for (const [name] of operations) {
      if (isWanted(name.slice(server.length + 1))) sum.add(recording.times(name, "ok", "service"));
    }
    return sum.count === 0 ? null : sum.summary();
  };
  const toolCalls = mergedOf((rest) => rest.startsWith("tools/call"));
  const total = (of: (one: OperationRecord) => number): number => operations.reduce((sum, [, one]) => sum + of(one), 0);
  return {
    server,
    handshake: mergedOf((rest) => HANDSHAKES.includes(rest)),
    toolCalls,
    count: total(endedOf),
    failures: total(failuresOf),
    tier: toolCalls === null ? null : tierOf(toolCalls, options),
  };
};

const HEADER = ["server", "handshake p50", "p90", "tool calls", "avg", "p90", "p95", "p99", "errors", "tier"];

const cellsOf = ({ server, handshake, toolCalls, count, failures, tier }: Signature): string[] => [
  printable(server === "" ? "(other)" : server),
  percentileText(handshake ?? undefined, "p50Ms"),
  percentileText(handshake ?? undefined, "p90Ms"),
  countText(toolCalls?.count ?? 0),
  toolCalls === null ? "-" : msText(toolCalls.meanMs),
  percentileText(toolCalls ?? undefined, "p90Ms"),
  percentileText(toolCalls ?? undefined, "p95Ms"),
  percentileText(toolCalls ?? undefined, "p99Ms"),
  percentText(failures, count),
  tier ?? "-",
];
