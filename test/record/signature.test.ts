import { expect, test } from "vitest";
import { pageOf } from "../../record/page.ts";
import { PartWriter } from "../../record/part-writer.ts";
import { readRun } from "../../record/read-run.ts";
import type { Sample } from "../../record/sample.ts";
import { signatureLines, signatures, tierOf } from "../../record/signature.ts";
import { Times } from "../../record/times.ts";
import { identity, newRoot, STARTED_AT, sample } from "./samples.ts";

const recordOf = (samples: readonly Partial<Sample>[]) => {
  const { startedMs: _, ...head } = identity();
  const second = Math.floor(Date.parse(STARTED_AT) / 1000);
  const dir = newRoot();
  const writer = new PartWriter(dir, { ...head, endedAt: null, endReason: "done", lastSecond: second + 10 });
  for (const each of samples) writer.record(sample(each), second);
  writer.complete(undefined);
  return readRun(dir);
};

const timesOf = (...ms: readonly number[]) => {
  const times = new Times();
  for (const each of ms) times.record(each * 1000);
  return times.summary();
};

const calls = (server: string, tool: string, ...ms: readonly number[]): Partial<Sample>[] =>
  ms.map((serviceMs) => ({ name: `${server}:tools/call:${tool}`, serviceMs }));

test("the tail of a server's tool calls is that of one histogram over all its tools, not a mean of theirs", () => {
  const [learn] = signatures(
    recordOf([
      ...calls("learn", "search", 10, 20, 30),
      ...calls("learn", "fetch", 500),
      { name: "learn:ping", serviceMs: 9_000 },
    ]),
  );
  expect(learn?.toolCalls).toMatchObject({ count: 4, meanMs: 140, p90Ms: timesOf(10, 20, 30, 500).p90Ms });
});

test("a handshake of either era is one, and what the end cut off is no failure", () => {
  const failed = { name: "learn:initialize", outcome: "timeout", serviceMs: 60_000 } as const;
  const [github, learn] = signatures(
    recordOf([
      { name: "learn:initialize", serviceMs: 44 },
      failed,
      { name: "learn:tools/call:search", outcome: "cancelled" },
      { name: "github:server/discover", serviceMs: 335 },
    ]),
  );
  expect(github).toMatchObject({ server: "github", handshake: { count: 1, p50Ms: 335 }, toolCalls: null, tier: null });
  expect(learn).toMatchObject({ server: "learn", handshake: { count: 1, p50Ms: 44 }, count: 2, failures: 1 });
});

test.each([
  ["Heavy comes first, though p90 is low", [100, 100, 100, 100, 100, 100, 100, 100, 100, 20_000], "Heavy"],
  ["Fast comes before Consistent", [100, 100, 100], "Fast"],
  ["Consistent is a small gap between average and p90", [920, 930, 940], "Consistent"],
  ["none fits a wide gap", [10, 10, 950, 950], null],
  ["an average of exactly 1 s is not Heavy", [1000], "Consistent"],
  ["a p90 of exactly 900 ms is not Fast", [900], "Consistent"],
] as const)("%s", (_, ms, tier) => {
  expect(tierOf(timesOf(...ms))).toBe(tier);
});

test("the gap is configurable", () => {
  const times = timesOf(10, 10, 950, 950);
  expect(tierOf(times, { gapPercent: 100 })).toBe("Consistent");
  expect(tierOf(timesOf(920, 930, 999), { gapPercent: 1 })).toBeNull();
});

test("the table shows each server on a line and ends with the rule that gave the tiers", () => {
  const record = recordOf([{ name: "learn:initialize", serviceMs: 44 }, ...calls("learn", "search", 10, 20)]);
  const lines = signatureLines(signatures(record), pageOf({ columns: 100 }), { gapPercent: 40 });
  expect(lines.find((line) => line.startsWith("learn"))?.split(/\s+/)).toEqual([
    "learn",
    "~44",
    "~44",
    "2",
    "15",
    "~20",
    "~20",
    "~20",
    "0%",
    "Fast",
  ]);
  expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain("Consistent (p90 at most 40% above the average)");
  expect(lines.every((line) => line.length <= 100)).toBe(true);
});

test("a run without operations has no signature and no table", () => {
  expect(signatureLines(signatures(recordOf([])), pageOf({}))).toEqual([]);
});
