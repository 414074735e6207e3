/** Whether a server kept the limits that its entry in `loadtest.yaml` sets, in words. The verdict of a run is the gate's. */
import { msText, percentText } from "./duration-text.ts";
import {
  type AwaitedKind,
  type Limits,
  type LimitUse,
  limitUses,
  type ServerCalls,
  type TimeUse,
} from "./limit-use.ts";

export interface LimitLine {
  readonly text: string;
  readonly isBroken: boolean;
}

export const PERCENTILES = { p95Ms: "p95", p99Ms: "p99" } as const;

/** The table above has service times, and needs no word for them. */
const KIND_TEXT = { service: "", response: ", response time" } as const;

/**
 * One line for the limits that hold; each percentile is that of the slowest operation.
 * @param kind of the times that are held against the limits: the one that the server's users wait for
 */
export const limitLines = (calls: ServerCalls, limits: Limits | null, kind: AwaitedKind): LimitLine[] => {
  const uses = limitUses(calls, limits, kind);
  return ([true, false] as const).flatMap((isBroken) => {
    const texts = uses.filter((use) => use.isBroken === isBroken).map((use) => useText(use, kind));
    return texts.length === 0 ? [] : { text: `slo ${isBroken ? "broken" : "within"}: ${texts.join(", ")}`, isBroken };
  });
};

/** `p99 463 of 5,000 ms (search)`, `failures 25% of 1%`. */
export const useText = (use: LimitUse, kind: AwaitedKind): string =>
  use.limit === "errorPercent"
    ? `failures ${percentText(use.failures, use.count)} of ${use.allowedPercent}%`
    : `${PERCENTILES[use.limit]} ${msText(use.measuredMs)} of ${msText(use.allowedMs)} ms (${whoseTime(use, kind)})`;

/** `search`, `search, response time`. */
export const whoseTime = ({ operation }: TimeUse, kind: AwaitedKind): string => `${operation}${KIND_TEXT[kind]}`;
