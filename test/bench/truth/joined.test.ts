import { expect, test } from "vitest";
import { boundsOf, join, sendTimesOf } from "../../../bench/truth/joined.ts";
import type { TrueCall } from "../../../bench/truth/truth-server.ts";

const MS = 1_000_000;
const call = (number: number, receivedMs: number, writtenMs: number): TrueCall => [
  number,
  receivedMs * MS,
  (receivedMs + 1) * MS,
  writtenMs * MS,
  (writtenMs + 0.25) * MS,
];
const record = (...calls: TrueCall[]) => ({ calls, frozen: null, clockSetMs: 0 });

test("a call's true time begins when the kernel had it, not when the server read it", () => {
  const { calls, fault } = join(record(call(1, 100, 150)), [[1, 52]]);
  expect(fault).toBeNull();
  expect(calls[0]).toMatchObject({ number: 1, trueMs: 50, reportedMs: 52, receivedMs: 100, writtenMs: 150 });
});

test("calls are put together by their number, whatever their order", () => {
  const samples = [
    [1, 11],
    [2, 22],
  ] as const;
  const { calls } = join(record(call(2, 0, 20), call(1, 0, 10)), samples);
  expect(calls.map(({ trueMs, reportedMs }) => [trueMs, reportedMs])).toEqual([
    [20, 22],
    [10, 11],
  ]);
});

test.each([
  ["was answered and not reported", [call(1, 0, 1), call(2, 0, 1)], [[1, 1]]],
  [
    "was reported and not answered",
    [call(1, 0, 1)],
    [
      [1, 1],
      [2, 1],
    ],
  ],
  [
    "was reported twice",
    [call(1, 0, 1)],
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    "was answered twice",
    [call(1, 0, 1), call(1, 0, 1)],
    [
      [1, 1],
      [2, 1],
    ],
  ],
] as const)("a call that %s is a fault", (_, calls, samples) => {
  expect(join(record(...calls), samples).fault).toMatch(/^\d calls reported, \d answered, \d of them the same$/);
});

test("what sending took is counted from the call that took least: the tool has a clock of its own", () => {
  const { calls: joined } = join(record(call(1, 1000, 1050), call(2, 1100.5, 1150)), [
    [1, 50],
    [2, 50],
  ]);
  expect(
    sendTimesOf(joined, [
      [1, 7],
      [2, 107],
    ]),
  ).toEqual([0, 0.5]);
  expect(sendTimesOf(joined, [])).toEqual([]);
});

test("the truth says how sure it is: how long a write took, and how late the server read", () => {
  expect(boundsOf(record(call(1, 0, 10)))).toEqual({ writeMs: 0.25, readLateMs: 1 });
});
