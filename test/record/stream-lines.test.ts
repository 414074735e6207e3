import { expect, test } from "vitest";
import type { Fact } from "../../record/facts/fact-kinds.ts";
import type { StreamEvent } from "../../record/facts/streams.ts";
import { pageOf } from "../../record/page.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { Recording } from "../../record/recording.ts";
import { streamLines } from "../../record/stream-lines.ts";

const toldOf = (...facts: readonly Fact[]): readonly string[] => {
  const recording = new Recording();
  for (const fact of facts) recording.facts.hear(fact);
  const record = { dir: "", failures: [], damage: [], file: recording.toRunFile() } as unknown as RunRecord;
  return streamLines("learn", record, pageOf({ columns: 200, color: false }));
};

const stream = (over: Partial<StreamEvent> = {}): Fact => ({
  kind: "streams",
  event: {
    name: "learn:tools/call:research",
    events: 3,
    gapsMs: [10, 10],
    largestGapMs: 10,
    askedForProgress: false,
    progress: 0,
    progressGapsMs: [],
    ...over,
  },
});

test("a server that answers at once and says nothing else has no line", () => {
  expect(toldOf()).toEqual([]);
  expect(toldOf(stream({ name: "other:tools/call:research" }))).toEqual([]);
});

test("a stream is told by its gaps", () => {
  expect(toldOf(stream(), stream({ gapsMs: [10, 900], largestGapMs: 900 }))).toEqual([
    "  tools/call:research: 2 streams of 6 events, gaps p50 10 ms, at most 900 ms",
  ]);
});

test("progress is told by when it began, and by the calls that were told of none", () => {
  const asked = { askedForProgress: true, progress: 1, firstProgressMs: 40 };
  const silent = stream({ events: 1, gapsMs: [], largestGapMs: 0, askedForProgress: true });
  expect(toldOf(stream({ ...asked, events: 2, gapsMs: [10] }), silent)).toEqual([
    "  tools/call:research: 1 stream of 2 events, gaps p50 10 ms, at most 10 ms; first progress after 40 ms; 1 of 2 calls told of no progress",
  ]);
});

test("what a server sends is told by the kinds of which there is most", () => {
  const counts = { "log-info": 5, sampling: 2, "resource-updated": 1_200, roots: 1, ping: 1, other: 1, cancelled: 1 };
  const lines = toldOf({ kind: "fromServer", event: { server: "learn", counts, answeredMs: [1.5], unanswered: 3 } });
  expect(lines.map((line) => line.trim()).join(" ")).toBe(
    "from the server: resource-updated 1,200, log-info 5, sampling 2, cancelled 1, roots 1, others 2; answers sent after 1.5 ms; 3 came too fast to be answered",
  );
});
