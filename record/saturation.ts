/**
 * Whether the machine that made the load was itself the bottleneck: then its times are of itself, and its load was not
 * the planned one. Thresholds are set so that a run that measured well is never called saturated; a mean over the whole run
 * passes over a start or a stall of some seconds, which the summary shows.
 */
import { msText } from "./duration-text.ts";
import type { RunFile } from "./run-file.ts";

/** Python runs Locust on one core, whatever the machine has: above this nothing is left for the next answer. */
const LOCUST_CORES = 0.9;

/** All threads of the bridge; its recorder has one of its own. */
const BRIDGE_CORES = 0.9;
/** A busy bridge whose event loop is on time stamps on time, and is not saturated. */
const BUSY_LATE_MS = 5;

/** Late without using the CPU: other programs have it. One stamp in a hundred is off by more than what agents notice. */
const STARVED_LATE_MS = 100;

/** Half of all operations began so much later than their users meant. */
const LATE_START_MS = 100;

/** @returns what was too much, one sentence each; empty when nothing was, or nobody measured */
export const saturationOf = ({ generator, harnessDelay }: RunFile): readonly string[] => {
  if (!isMeasured({ generator })) return [];
  const { locustCpu, bridgeCpu, eventLoopDelayP99Ms } = generator;
  const found: string[] = [];
  if (locustCpu !== null && locustCpu.mean >= LOCUST_CORES) {
    found.push(
      `Locust used ${percentOfCore(locustCpu.mean)} of its core: more processes (--processes), or fewer users`,
    );
  }
  const lateMs = eventLoopDelayP99Ms.mean;
  if (bridgeCpu.mean >= BRIDGE_CORES && lateMs >= BUSY_LATE_MS) {
    found.push(
      `the bridge used ${percentOfCore(bridgeCpu.mean)} of a core and was ${msText(lateMs)} ms late (p99): more processes, or fewer users`,
    );
  } else if (lateMs >= STARVED_LATE_MS) {
    found.push(`the bridge was ${msText(lateMs)} ms late (p99): something else uses this machine`);
  }
  const startMs = harnessDelay.before.p50Ms;
  if (startMs >= LATE_START_MS) {
    found.push(`half of the operations were sent ${msText(startMs)} ms or more after their user meant to`);
  }
  return found;
};

/** Records that were made of somebody else's rows say nothing about the generator. */
export const isMeasured = ({ generator }: Pick<RunFile, "generator">): boolean => generator.seconds > 0;

const percentOfCore = (cores: number): string => `${Math.round(cores * 100)}%`;
