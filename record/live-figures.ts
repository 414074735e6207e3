/**
 * What a run has come to so far, for who looks on while it goes on: counts, and times in classes so coarse that a line a second
 * carries them, and so alike that those of several processes are added. The record keeps the exact ones.
 */
import type { GeneratorVerdict } from "./generator-verdict.ts";
import { HALVES, type Half, type Kind } from "./latency-log.ts";
import type { Outcome } from "./reason.ts";
import { OTHER_NAMES, type Recording } from "./recording.ts";
import { sectionOf } from "./section.ts";
import type { Times } from "./times.ts";

/** Sixteen classes an octave: a percentile read from them is 2.3 % off at most. */
export const CLASSES_PER_OCTAVE = 16;
/** Further names are one: a table that somebody reads while it changes has no use for more. */
const MOST_NAMES = 60;

/** Class and count, in turn: class `n` holds what lies around 2^(n/16) µs. */
export type LiveTimes = readonly number[];

const TIMED = { service: "service", "first-event": "firstEvent" } as const satisfies Partial<Record<Kind, string>>;
type Timed = keyof typeof TIMED;

export interface LiveName {
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  /** Of good ones, as the summary has them. */
  readonly service: LiveTimes;
  readonly firstEvent: LiveTimes;
}

/** Plain data: it passes between threads, and over the link. */
export interface LiveFigures {
  readonly names: Readonly<Record<string, LiveName>>;
  readonly harnessDelay: Readonly<Record<Half, LiveTimes>>;
  /** HTTP requests that MCP made on its own. */
  readonly hidden: number;
  /** Most sessions at once by server. */
  readonly sessionsPeak: Readonly<Record<string, number>>;
  readonly generator: GeneratorVerdict;
}

export const liveFigures = (
  recording: Recording,
  { sessionsPeak, generator }: Pick<LiveFigures, "sessionsPeak" | "generator">,
): LiveFigures => {
  const { operations, hidden } = recording.totals();
  const names = new Map<string, { counts: Record<string, number> } & Record<"service" | "firstEvent", Classes>>();
  const shown = new Map<string, string>();
  for (const [name, counts] of Object.entries(operations)) {
    const as = shown.size < MOST_NAMES ? name : OTHER_NAMES;
    shown.set(name, as);
    let sum = names.get(as);
    if (sum === undefined) {
      sum = { counts: {}, service: new Classes(), firstEvent: new Classes() };
      names.set(as, sum);
    }
    for (const [outcome, count] of Object.entries(counts)) sum.counts[outcome] = (sum.counts[outcome] ?? 0) + count;
  }
  for (const { name, outcome, kind, times } of recording.series()) {
    if (outcome !== "ok" || !(kind in TIMED) || sectionOf(name) !== "operations") continue;
    names.get(shown.get(name) ?? OTHER_NAMES)?.[TIMED[kind as Timed]].add(times);
  }
  return {
    names: Object.fromEntries(
      Array.from(names, ([name, { counts, service, firstEvent }]) => [
        name,
        { counts, service: service.toList(), firstEvent: firstEvent.toList() },
      ]),
    ),
    harnessDelay: Object.fromEntries(HALVES.map((half) => [half, classesOf(recording.half(half))])) as Record<
      Half,
      LiveTimes
    >,
    hidden: Object.values(hidden).reduce((sum, count) => sum + count, 0),
    sessionsPeak,
    generator,
  };
};

class Classes {
  readonly #counts = new Map<number, number>();

  add(times: Times): void {
    for (const [floorUs, count] of times.buckets()) {
      const at = Math.round(Math.log2(Math.max(1, floorUs)) * CLASSES_PER_OCTAVE);
      this.#counts.set(at, (this.#counts.get(at) ?? 0) + count);
    }
  }

  toList(): LiveTimes {
    return [...this.#counts].sort(([a], [b]) => a - b).flat();
  }
}

const classesOf = (times: Times): LiveTimes => {
  const classes = new Classes();
  classes.add(times);
  return classes.toList();
};
