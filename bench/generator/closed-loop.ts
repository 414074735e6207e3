/** The closed loop of the generators on Node: every user makes its next call when the last one has ended. */
import { build } from "hdr-histogram-js";
import type { Assignment, Report } from "../assignment.ts";

/** @returns true when the call ended well */
export type Call = (user: number) => Promise<boolean>;

/** Reads the CPU used so far, in ms by program. */
export type CpuMeter = () => Readonly<Record<string, number>>;

const MAX_LATENCY_US = 60_000_000;

/** CPU of this process, all its threads. */
export const ownCpu: CpuMeter = () => {
  const { user, system } = process.cpuUsage();
  return { node: (user + system) / 1000 };
};

export const runClosedLoop = async (
  { users, warmUpMs, windowMs }: Pick<Assignment, "users" | "warmUpMs" | "windowMs">,
  call: Call,
  cpu: CpuMeter = ownCpu,
): Promise<Report> => {
  const latencies = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_LATENCY_US,
    numberOfSignificantValueDigits: 3,
  });
  let phase: "warm-up" | "window" | "over" = "warm-up";
  let calls = 0;
  let failures = 0;
  let callsInAll = 0;

  const live = async (user: number): Promise<void> => {
    while (phase !== "over") {
      const startedMs = performance.now();
      const isGood = await call(user);
      callsInAll += 1;
      if (phase !== "window") continue;
      if (isGood) calls += 1;
      else failures += 1;
      latencies.recordValue(Math.min(MAX_LATENCY_US, Math.round((performance.now() - startedMs) * 1000)));
    }
  };
  const living = Promise.all(Array.from({ length: users }, (_, user) => live(user)));

  await sleep(warmUpMs);
  phase = "window";
  const cpuBefore = cpu();
  const fromMs = Date.now();
  const startedMs = performance.now();
  await sleep(windowMs);
  const lengthMs = performance.now() - startedMs;
  const cpuAfter = cpu();
  phase = "over";
  const toMs = Date.now();
  await living;

  return {
    calls,
    failures,
    windowMs: lengthMs,
    p50Ms: latencies.getValueAtPercentile(50) / 1000,
    p99Ms: latencies.getValueAtPercentile(99) / 1000,
    cpuMs: Object.fromEntries(Object.entries(cpuAfter).map(([name, ms]) => [name, ms - (cpuBefore[name] ?? 0)])),
    fromMs,
    toMs,
    callsInAll,
  };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
