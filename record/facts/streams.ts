/**
 * Answers that came as several events: how far apart the events were, and when the progress came that a call had asked
 * for. docs/measurement.md, "Streams and progress".
 */
import * as z from "zod";
import { Times, toUs } from "../times.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";

/** One ended operation whose answer was a stream of several events, or that asked for progress. Durations in ms. */
export interface StreamEvent {
  /** Name of the operation in the statistics. */
  readonly name: string;
  /** Events with data, the answer itself included. */
  readonly events: number;
  /** From one event to the next; of a stream of very many events the first ones only. */
  readonly gapsMs: readonly number[];
  /** The largest gap of the whole stream. */
  readonly largestGapMs: number;
  /** True when the call carried a progress token. */
  readonly askedForProgress: boolean;
  readonly progress: number;
  /** Handed to the socket to the first progress notification. Absent: none came. */
  readonly firstProgressMs?: number | undefined;
  /** From one progress notification to the next; the first ones only. */
  readonly progressGapsMs: readonly number[];
}

const streamRecord = z.object({
  /** Answers of more than one event, and their events. */
  streams: z.number().int(),
  events: z.number().int(),
  largestGapMs: z.number(),
  gaps: factTimes,
  progress: z.object({
    /** Calls with a progress token, and those of them that were told of any progress. */
    asked: z.number().int(),
    told: z.number().int(),
    notifications: z.number().int(),
    first: factTimes,
    gaps: factTimes,
  }),
});
const streams = z.record(z.string(), streamRecord);
export type Streams = z.infer<typeof streams>;

export const STREAMS: FactKind<StreamEvent, Streams> = {
  schema: streams,
  clean: (event, clean) => ({ ...event, name: clean(event.name) }),
  keeper: () => new StreamKeeper(),
};

const fresh = () => ({
  streams: 0,
  events: 0,
  largestGapMs: 0,
  gaps: new Times(),
  asked: 0,
  told: 0,
  notifications: 0,
  firstProgress: new Times(),
  progressGaps: new Times(),
});

class StreamKeeper implements FactKeeper<StreamEvent, Streams> {
  readonly #names = new ByName(fresh);

  hear(event: StreamEvent): void {
    const held = this.#names.of(event.name);
    if (event.events > 1) {
      held.streams += 1;
      held.events += event.events;
    }
    held.largestGapMs = Math.max(held.largestGapMs, event.largestGapMs);
    for (const gapMs of event.gapsMs) held.gaps.record(toUs(gapMs));
    if (event.askedForProgress) held.asked += 1;
    if (event.askedForProgress && event.progress > 0) held.told += 1;
    held.notifications += event.progress;
    if (event.firstProgressMs !== undefined) held.firstProgress.record(toUs(event.firstProgressMs));
    for (const gapMs of event.progressGapsMs) held.progressGaps.record(toUs(gapMs));
  }

  add(section: Streams): void {
    for (const [name, theirs] of Object.entries(section)) {
      const held = this.#names.of(name);
      held.streams += theirs.streams;
      held.events += theirs.events;
      held.largestGapMs = Math.max(held.largestGapMs, theirs.largestGapMs);
      addFactTimes(held.gaps, theirs.gaps);
      held.asked += theirs.progress.asked;
      held.told += theirs.progress.told;
      held.notifications += theirs.progress.notifications;
      addFactTimes(held.firstProgress, theirs.progress.first);
      addFactTimes(held.progressGaps, theirs.progress.gaps);
    }
  }

  section(): Streams {
    return this.#names.record(({ streams, events, largestGapMs, gaps, firstProgress, progressGaps, ...counts }) => ({
      streams,
      events,
      largestGapMs,
      gaps: factTimesOf(gaps),
      progress: { ...counts, first: factTimesOf(firstProgress), gaps: factTimesOf(progressGaps) },
    }));
  }
}
