import { expect, test } from "vitest";
import type { BurstEvent } from "../../record/facts/bursts.ts";
import { pageOf } from "../../record/page.ts";
import { Recording } from "../../record/recording.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName, turnName } from "../../record/section.ts";
import { turnLines } from "../../record/turn-lines.ts";
import { sample } from "./samples.ts";

const turn = (over: Partial<Sample> = {}): Sample =>
  sample({ name: turnName("learn", "research"), serviceMs: 1_200, responseMs: 1_300, ...over });

/** Ten calls, each of 100 ms, of which a server works on so many at a time. */
const burst = (lanes: number, over: Partial<BurstEvent> = {}): BurstEvent => ({
  name: "learn:parallel",
  calls: 10,
  spansMs: Array.from({ length: 10 }, (_, index) => [
    index * 0.01,
    100 * (1 + Math.floor(index / lanes)) + index / 5,
  ]).flat(),
  beforeMs: [],
  isAllOk: true,
  ...over,
});

const toldOf = (samples: readonly Sample[], bursts: readonly BurstEvent[] = [], color = false): string[] => {
  const recording = new Recording();
  for (const each of samples) {
    recording.record(each);
    recording.facts.see(each);
  }
  for (const event of bursts) recording.facts.hear({ kind: "bursts", event });
  return turnLines(
    "learn",
    { ...recording.toRunFile(), parts: [] } as unknown as RunFile,
    pageOf({ columns: 140, color }),
  );
};

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

test("a server without turns and bursts has no line, and another server's are not its own", () => {
  expect(toldOf([sample(), turn({ name: turnName("learn2", "research") })])).toEqual([]);
});

test("a turn is told by its count and its time", () => {
  expect(toldOf(times(40, turn()))).toEqual(["  turn research: 40, p50 1,200, p95 1,200 ms"]);
});

test("a failed turn says why, and one that the end cut off is held against nobody", () => {
  const samples = [...times(40, turn()), ...times(2, turn({ outcome: "timeout" })), turn({ outcome: "tool-error" })];
  expect(toldOf([...samples, turn({ outcome: "cancelled" })])).toEqual([
    "  turn research: 44, 3 failed (timeout 2, tool-error 1), 1 cut off, p50 1,200, p95 1,200 ms",
  ]);
  expect(toldOf(samples, [], true)[0]).toContain("\u001b[33m");
});

test("under an arrival rate a turn's time from its planned start is told as well", () => {
  expect(toldOf([...times(40, turn()), sample({ name: arrivalName("learn", "LearnUser") })])[0]).toContain(
    "from the planned start p95 1,300 ms",
  );
});

test.each([
  [1, "the server worked on one after the other"],
  [5, "the server worked on 5 at a time"],
  [10, "the server worked on all of them at once"],
])("of calls at once it is told that %d were worked on at a time", (lanes, told) => {
  const found = times(8, burst(lanes));
  const samples = times(20, sample({ name: "learn:tools/call:search", serviceMs: 100, underWay: 1 }));
  const [line] = toldOf(samples, found);
  expect(line).toContain(`at once: 8 x 10, all together on the wire, p50 `);
  expect(line).toContain(told);
});

test("too few bursts say nothing about the server, and those that were not together are counted", () => {
  const apart = burst(10, { name: turnName("learn", "research"), calls: 3, spansMs: [0, 5, 6, 9, 7, 12] });
  expect(toldOf([], [apart])).toEqual([
    "  at once in turn research: 1 x 3, 0 of them all together (at most 2), p50 12, p95 12 ms",
  ]);
});

test("many turns are a few lines and a number, and no name forges another", () => {
  const lines = toldOf(
    Array.from({ length: 9 }, (_, index) => turn({ name: turnName("learn", `t${index}\u001b[2J`) })),
  );
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toBe("  and 4 other turns");
  expect(lines.join()).not.toContain("\u001b");
});
