/**
 * What those who come by a plan see, whether or not the server keeps up. For calls of a tool that follows the plan it is
 * taken from the server's stamps; for the plan itself it is computed, so that a tool which made fewer calls can be held
 * against it.
 */
import type { JoinedCall } from "./joined.ts";

/**
 * From planned starts to answers. The plan's zero is not known to the server: it is where the most punctual call fits, so
 * that what all calls are late by is not seen here; the record's lateness shows it.
 * @param calls numbered from 1 in the order of the plan
 */
export const responseTimesOf = (calls: readonly JoinedCall[], arrivalsPerSecond: number): number[] => {
  const gapMs = 1000 / arrivalsPerSecond;
  const offsetMs = ({ number }: JoinedCall): number => (number - 1) * gapMs;
  const zeroMs = calls.reduce(
    (least, call) => Math.min(least, call.receivedMs - offsetMs(call)),
    Number.POSITIVE_INFINITY,
  );
  return calls.map((call) => call.writtenMs - zeroMs - offsetMs(call));
};

export interface FreezePlan {
  readonly arrivalsPerSecond: number;
  readonly windowMs: number;
  readonly serviceMs: number;
  /** From the first start. */
  readonly frozenFromMs: number;
  readonly frozenToMs: number;
}

/** Response times of every planned start, in a server with room for all and one freeze. */
export const plannedTimes = (plan: FreezePlan): number[] => {
  const count = Math.floor((plan.windowMs * plan.arrivalsPerSecond) / 1000);
  return Array.from({ length: count }, (_, at) => plannedTime((at * 1000) / plan.arrivalsPerSecond, plan));
};

const plannedTime = (startMs: number, { serviceMs, frozenFromMs, frozenToMs }: FreezePlan): number => {
  const isReadLate = startMs >= frozenFromMs && startMs < frozenToMs;
  const readMs = isReadLate ? frozenToMs : startMs;
  const dueMs = readMs + serviceMs;
  const isAnsweredLate = dueMs >= frozenFromMs && dueMs < frozenToMs;
  return (isAnsweredLate ? frozenToMs : dueMs) - startMs;
};
