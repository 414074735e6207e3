/**
 * What is read off the generator once a second, and from where on it is too much: a table. What a run's verdict makes of
 * it: generator-verdict.ts. docs/measurement.md has the same thresholds with the same names.
 */
import { msText } from "./duration-text.ts";
import type { Gauges } from "./sample.ts";

export interface GeneratorMeasure {
  /** Absent where this machine, or the record, does not tell. */
  readonly of: (gauges: Gauges) => number | null | undefined;
  /** From this value on a second counts as strained. */
  readonly strained: number;
  /** Null: however much, by itself it does not make the times the generator's own. */
  readonly saturated: number | null;
  readonly text: (value: number) => string;
  /** What was seen, of a threshold as text. */
  readonly says: (threshold: string) => string;
  /** What to do. */
  readonly advice: string;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const ms = (value: number): string => `${msText(value)} ms`;

export const FEWER = "more processes (--processes), or fewer users";
const OTHERS = "end what else runs on this machine, or take one with more cores";

export const GENERATOR_MEASURES = {
  /** Python runs Locust on one core, whatever the machine has. At nine tenths nothing is left for the next answer. */
  "locust-cpu": {
    of: ({ locustCpu }) => locustCpu,
    strained: 0.8,
    saturated: 0.9,
    text: percent,
    says: (much) => `Locust used ${much} of its core`,
    advice: FEWER,
  },
  /** The main thread alone: the recorder's is another. From 85 % on the queue before it grows faster than the load. */
  "bridge-busy": {
    of: ({ bridgeBusy }) => bridgeBusy,
    strained: 0.85,
    saturated: 0.95,
    text: percent,
    says: (much) => `the bridge was busy ${much} of the time`,
    advice: FEWER,
  },
  /** All stamps of the bridge are as late. One garbage collection stays below, and is in one second of many. */
  "bridge-late": {
    of: ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms,
    strained: 40,
    saturated: 100,
    text: ms,
    says: (much) => `the bridge's event loop was ${much} late (p99)`,
    advice: `${OTHERS}, or fewer users`,
  },
  /** Every user wakes as late, and sends as late. */
  "locust-late": {
    of: ({ locustLateMs }) => locustLateMs,
    strained: 40,
    saturated: 100,
    text: ms,
    says: (much) => `Locust's users woke up ${much} late (p90)`,
    advice: FEWER,
  },
  /** One line a second goes the way of all calls. Idle generators had 0.4 to 2 ms, overloaded ones 11 to 157 ms. */
  "link-lag": {
    of: ({ linkLagMs }) => linkLagMs,
    strained: 25,
    saturated: 150,
    text: ms,
    says: (much) => `a line from Locust to the bridge took ${much}`,
    advice: FEWER,
  },
  /**
   * Means of ten runs each on two cores that six other programs wanted, too: an idle generator 8 to 16 %, a modest load with both
   * cores stolen 23 to 56 %, an overloaded one 36 to 78 %. From 60 % on a thread gets less than half of what it wants.
   */
  "bridge-waited": {
    of: ({ bridgeWaited }) => bridgeWaited,
    strained: 0.2,
    saturated: 0.6,
    text: percent,
    says: (much) => `the bridge waited for a core ${much} of the time`,
    advice: OTHERS,
  },
  /** As the bridge; an idle one had 3 to 8 %, an overloaded one 20 to 42 %. */
  "locust-waited": {
    of: ({ locustWaited }) => locustWaited,
    strained: 0.2,
    saturated: 0.6,
    text: percent,
    says: (much) => `Locust waited for a core ${much} of the time`,
    advice: OTHERS,
  },
  /**
   * The times are claimed for a machine that is a quarter idle. On a busier one, with next to no load of our own, a p99 was
   * 2.5 ms off and nothing else told: a single call waits for its core, threads on average do not.
   */
  "machine-busy": {
    of: ({ machineBusy }) => machineBusy,
    strained: 0.75,
    saturated: null,
    text: percent,
    says: (much) => `the machine's cores were ${much} busy`,
    advice: `a server under test counts where it runs here; ${OTHERS}`,
  },
  /**
   * Two of the ten periods that a second has: in each all threads stand still until the next one begins, for up to a tenth of a second.
   * How much that is of a time, the delays say.
   */
  throttled: {
    of: ({ throttled }) => throttled,
    strained: 0.2,
    saturated: null,
    text: percent,
    says: (much) => `the container's CPU quota was used up in ${much} of its periods`,
    advice: "raise the container's CPU limit, or fewer users",
  },
  /** The next connections are refused by our own system, and look like the server's failure. */
  "open-files": {
    of: ({ openFilesShare }) => openFilesShare,
    strained: 0.8,
    saturated: 0.95,
    text: percent,
    says: (much) => `the bridge had ${much} of the files open that it may have (each connection is one)`,
    advice: "raise `ulimit -n`, or more processes",
  },
  /** Near its limit V8 collects garbage all the time, before it ends the process. */
  heap: {
    of: ({ heapShare }) => heapShare,
    strained: 0.8,
    saturated: 0.92,
    text: percent,
    says: (much) => `the bridge used ${much} of its heap`,
    advice: "more processes, or `results: none`",
  },
  /** A machine that swaps, or a container that is about to be killed. */
  memory: {
    of: ({ memoryShare }) => memoryShare,
    strained: 0.92,
    saturated: 0.97,
    text: percent,
    says: (much) => `${much} of the machine's memory was in use`,
    advice: "fewer users, or a larger machine",
  },
} as const satisfies Readonly<Record<string, GeneratorMeasure>>;

export type GeneratorMeasureName = keyof typeof GENERATOR_MEASURES;

export const GENERATOR_MEASURE_NAMES = Object.keys(GENERATOR_MEASURES) as readonly GeneratorMeasureName[];
