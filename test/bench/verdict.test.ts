import { expect, test } from "vitest";
import { rowsOf } from "../../bench/summary.ts";
import { doubtsAbout, mainFigure, serverShare } from "../../bench/verdict.ts";
import { measured } from "./measured.ts";

const rows = (locust: number) =>
  rowsOf([
    measured({ contender: "locust", callsPerSecond: locust, cpuUs: { locust: 40, bridge: 35 } }),
    measured({ contender: "by-hand", callsPerSecond: 100, cpuUs: { locust: 150 } }),
  ]);

test("the main figure says whether the goal is reached, and the same by CPU time", () => {
  expect(mainFigure(rows(190))).toContain("1.90 times");
  expect(mainFigure(rows(190))).toContain("reached");
  expect(mainFigure(rows(189))).toContain("missed");
  expect(mainFigure(rows(190))).toContain("2.00 times as many for the same CPU time");
});

test("there is no main figure without both of its contenders", () => {
  expect(mainFigure(rowsOf([measured({ contender: "locust" })]))).toBeNull();
});

test("a failed call, a busy server and a shared core are doubts, a single waiting user is none", () => {
  const one = { users: 1, answer: "json", era: "session" } as const;
  expect(doubtsAbout(rowsOf([measured()]))).toEqual([]);
  expect(doubtsAbout(rowsOf([measured({ workload: one, generatorCores: 0.4 })]))).toEqual([]);
  expect(doubtsAbout(rowsOf([measured({ failures: 3 })]))).toEqual([expect.stringContaining("3 calls failed")]);
  expect(doubtsAbout(rowsOf([measured({ serverCores: 0.81 })]))).toEqual([expect.stringContaining("81 % of its core")]);
  expect(doubtsAbout(rowsOf([measured({ generatorCores: 0.5 })]))).toEqual([expect.stringContaining("got 50 %")]);
});

test("the server's share is that of its busiest window", () => {
  expect(serverShare(rowsOf([measured({ serverCores: 0.31 }), measured({ serverCores: 0.2 })]))).toContain("31 %");
});
