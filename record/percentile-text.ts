/** Percentiles as a summary shows them: with a mark where the samples cannot carry them. */
import { msText } from "./duration-text.ts";
import type { OperationRecord } from "./run-file.ts";
import type { TimesSummary } from "./times.ts";

/** Fewer samples than this cannot carry the percentile: it is the maximum, or close to it. */
export const CARRIES = { p50Ms: 2, p90Ms: 10, p95Ms: 20, p99Ms: 100 } as const;

export const percentileText = (service: TimesSummary | undefined, key: keyof typeof CARRIES): string => {
  if (service === undefined) return "-";
  return `${service.count < CARRIES[key] ? "~" : ""}${msText(service[key])}`;
};

/** Whether a mark stands anywhere among these, and needs its explanation. */
export const hasThinPercentile = (operations: readonly OperationRecord[]): boolean =>
  operations.some(({ outcomes }) => {
    const count = outcomes.ok?.times.service?.count;
    return count !== undefined && count < CARRIES.p99Ms;
  });
