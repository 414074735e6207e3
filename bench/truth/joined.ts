/** Puts what a tool says of each call beside what the server knows of it. */
import { percentileOf } from "./exact-percentiles.ts";
import type { Sample } from "./task.ts";
import type { ServerRecord, TrueCall } from "./truth-server.ts";

const NS_PER_MS = 1e6;

export interface JoinedCall {
  readonly number: number;
  readonly trueMs: number;
  readonly reportedMs: number;
  /** When the kernel had received it, ms of the wall clock. */
  readonly receivedMs: number;
  /** When its answer's last byte was about to be written. */
  readonly writtenMs: number;
}

/**
 * How long the client could see the call: from the kernel having its last byte until the answer's last byte is handed to the
 * kernel. On loopback either hand-over is over within the writing call itself.
 */
export const trueMsOf = ([, receivedNs, , beforeWriteNs]: TrueCall): number => (beforeWriteNs - receivedNs) / NS_PER_MS;

export interface Joined {
  readonly calls: readonly JoinedCall[];
  /** Why these are not all; null when each call that the server answered is reported once, and no other. */
  readonly fault: string | null;
}

export const join = ({ calls }: ServerRecord, samples: readonly Sample[]): Joined => {
  const reported = new Map(samples);
  const joined = calls.flatMap((call): JoinedCall[] => {
    const [number, receivedNs, , beforeWriteNs] = call;
    const reportedMs = reported.get(number);
    if (reportedMs === undefined) return [];
    return [
      {
        number,
        trueMs: trueMsOf(call),
        reportedMs,
        receivedMs: receivedNs / NS_PER_MS,
        writtenMs: beforeWriteNs / NS_PER_MS,
      },
    ];
  });
  const isOneToOne = joined.length === calls.length && joined.length === samples.length;
  const isOnceEach = new Set(calls.map(([number]) => number)).size === calls.length;
  const fault = `${samples.length} calls reported, ${calls.length} answered, ${joined.length} of them the same`;
  return { calls: joined, fault: isOneToOne && isOnceEach ? null : fault };
};

/**
 * From the tool's stamp of having sent a call until the kernel had it. The tool's clock is not the kernel's: the call that took
 * least counts as having taken nothing.
 * @returns ms, one for each call with a stamp
 */
export const sendTimesOf = (joined: readonly JoinedCall[], sent: readonly Sample[]): number[] => {
  const receivedMs = new Map(joined.map((call) => [call.number, call.receivedMs]));
  const apart = sent.flatMap(([number, sentMs]) => {
    const there = receivedMs.get(number);
    return there === undefined ? [] : [there - sentMs];
  });
  const least = apart.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return apart.map((ms) => ms - least);
};

/** How sure the truth is of itself, p99 in ms. */
export interface TruthBounds {
  /** The answer's last byte left at some moment of its write. */
  readonly writeMs: number;
  /** How late the server read: part of the truth where the kernel stamps, missing from it elsewhere. */
  readonly readLateMs: number;
}

export const boundsOf = ({ calls }: ServerRecord): TruthBounds => ({
  writeMs: p99(calls.map(([, , , before, after]) => (after - before) / NS_PER_MS)),
  readLateMs: p99(calls.map(([, received, read]) => (read - received) / NS_PER_MS)),
});

const p99 = (values: readonly number[]): number =>
  percentileOf(
    values.toSorted((a, b) => a - b),
    99,
  );
