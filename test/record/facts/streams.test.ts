import { expect, test } from "vitest";
import { type FactSections, Facts, factsSchema } from "../../../record/facts/facts.ts";
import type { StreamEvent } from "../../../record/facts/streams.ts";

const event = (over: Partial<StreamEvent> = {}): StreamEvent => ({
  name: "learn:tools/call:research",
  events: 4,
  gapsMs: [10, 20, 300],
  largestGapMs: 300,
  askedForProgress: true,
  progress: 3,
  firstProgressMs: 40,
  progressGapsMs: [10, 20],
  ...over,
});

const heard = (...events: readonly StreamEvent[]): Facts => {
  const facts = new Facts();
  for (const each of events) facts.hear({ kind: "streams", event: each });
  return facts;
};

const only = (facts: Facts) => {
  const sections: FactSections = factsSchema.parse(JSON.parse(JSON.stringify(facts.sections())));
  return sections.streams?.["learn:tools/call:research"];
};

test("a stream's gaps and its progress are kept under the operation's name", () => {
  const kept = only(heard(event()));
  expect(kept).toMatchObject({ streams: 1, events: 4, largestGapMs: 300, gaps: { count: 3, maxMs: 300 } });
  expect(kept?.progress).toMatchObject({
    asked: 1,
    told: 1,
    notifications: 3,
    first: { count: 1 },
    gaps: { count: 2 },
  });
});

test("a call that asked for progress and was told of none is asked, not told, and no stream", () => {
  const silent = event({
    events: 1,
    gapsMs: [],
    largestGapMs: 0,
    progress: 0,
    progressGapsMs: [],
    firstProgressMs: undefined,
  });
  expect(only(heard(silent))).toMatchObject({ streams: 0, progress: { asked: 1, told: 0, first: { count: 0 } } });
});

test("two parts of a run add up to what one would have kept", () => {
  const sum = heard(event());
  sum.add(heard(event({ gapsMs: [7], largestGapMs: 900, progress: 1 })).sections());
  const both = only(sum);
  expect(both).toMatchObject({ streams: 2, events: 8, largestGapMs: 900, gaps: { count: 4 } });
  expect(both?.progress).toMatchObject({ asked: 2, told: 2, notifications: 4, first: { count: 2 } });
});

test("names without end end in one row for all others", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => event({ name: `learn:tools/call:t${at}` }));
  const { streams } = heard(...many).sections();
  expect(Object.keys(streams ?? {})).toHaveLength(201);
  expect(streams?.["(other names)"]?.streams).toBe(800);
});
