import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pauseMs, phaseOf, renewAfterMs, renewalLimitMs } from "../../auth/renewal-plan.ts";

const MINUTE = 60_000;

test.each([
  ["20 s: 60 % of it", 20_000, 0, 12_000],
  ["20 s, earliest: a tenth sooner", 20_000, 1, 10_000],
  ["10 minutes: 60 % of it", 10 * MINUTE, 0, 6 * MINUTE],
  ["an hour: five minutes before its end", 60 * MINUTE, 0, 55 * MINUTE],
  ["an hour, earliest: a minute sooner", 60 * MINUTE, 1, 54 * MINUTE],
  ["a day", 1440 * MINUTE, 0.5, 1434.5 * MINUTE],
])("a token that lives %s", (_name, livesMs, phase, dueMs) => {
  expect(renewAfterMs(livesMs, phase)).toBe(dueMs);
});

test.each([
  ["8 s of a token of 20 s: longer than the 5 s that some issuers take", 8000, 6000],
  ["40 s: three quarters", 40_000, 30_000],
  ["nothing: the token that comes serves those who wait", 0, 6000],
  ["nobody knows", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])("a renewal may take, of what is left, %s", (_name, leftMs, mostMs) => {
  expect(renewalLimitMs(leftMs)).toBe(mostMs);
});

test("500 identities with 20 s tokens come due evenly over two seconds", () => {
  const due = Array.from({ length: 500 }, (_, identity) =>
    renewAfterMs(20_000, phaseOf(identity, { index: 0, of: 1 })),
  ).sort((a, b) => a - b);
  const gaps = due.slice(1).map((ms, index) => ms - (due[index] ?? 0));
  expect((due.at(-1) ?? 0) - (due[0] ?? 0)).toBeGreaterThan(1980);
  // Evenly would be 4 ms; the golden ratio keeps every gap below three times that.
  expect(Math.max(...gaps)).toBeLessThan(12);
});

test("the processes of a run renew the same identity at different moments", () => {
  const phases = Array.from({ length: 16 }, (_, index) => phaseOf(3, { index, of: 16 }));
  expect(new Set(phases.map((phase) => phase.toFixed(6))).size).toBe(16);
  expect(phaseOf(0, { index: 0, of: 16 })).toBe(0);
});

describe("the pause after a failure", () => {
  test.each([
    ["1, 2, 4 ... s while nothing serves", [1, 2, 3, 4, 5, 6, 7, 99], null, [1, 2, 4, 8, 16, 30, 30, 30]],
    ["a quarter of what is left at most", [1, 4, 9], 8000, [1, 2, 2]],
    ["a quarter of a second at least", [1, 9], 100, [0.25, 0.25]],
  ])("is %s", (_name, failures, leftMs, seconds) => {
    expect(failures.map((count) => pauseMs({ failures: count, leftMs, askedMs: undefined }) / 1000)).toEqual(seconds);
  });

  test.each([
    ["what the issuer asks for", 20_000, null, 20_000],
    ["a minute at most, so that one header does not end a run", 86_400_000, null, 60_000],
    ["three quarters of what is left at most", 86_400_000, 8000, 6000],
    ["not shorter because the issuer says 0", 0, null, 1000],
  ])("is %s", (_name, askedMs, leftMs, pause) => {
    expect(pauseMs({ failures: 1, leftMs, askedMs })).toBe(pause);
  });

  test("always leaves room for one more try while the old token serves for half a second or more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 500, max: 1e9 }),
        fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
        (failures, leftMs, askedMs) => {
          expect(pauseMs({ failures, leftMs, askedMs })).toBeLessThan(leftMs);
        },
      ),
    );
  });
});
