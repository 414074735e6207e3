import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guessedLifeMs } from "../../auth/jwt-life.ts";
import { madeJwt } from "./made-jwt.ts";

const MINUTE = 60_000;
const NOW_MS = Date.UTC(2026, 5, 1);

interface Issued {
  /** How long ago, by the issuer's clock. */
  readonly agoMs?: number;
  readonly livesMs: number;
}
const issued = ({ agoMs = 0, livesMs }: Issued): string =>
  madeJwt({ iat: (NOW_MS - agoMs) / 1000, exp: (NOW_MS - agoMs + livesMs) / 1000 });

describe("a token that was just issued", () => {
  test.each([
    ["right", 0],
    ["ten minutes behind", -10 * MINUTE],
    ["ten minutes ahead", 10 * MINUTE],
  ])("is renewed in time, the clock being %s", (_name, aheadMs) => {
    expect(guessedLifeMs(issued({ livesMs: 20_000 }), NOW_MS + aheadMs)).toBe(20_000);
    const hour = guessedLifeMs(issued({ livesMs: 60 * MINUTE }), NOW_MS + aheadMs) ?? 0;
    expect(hour).toBeGreaterThanOrEqual(50 * MINUTE);
    expect(hour).toBeLessThanOrEqual(60 * MINUTE);
  });

  test("never lives longer than its own dates say, nor ends sooner than ten minutes before, with clocks up to ten off", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 48 * 60 }).map((minutes) => minutes * MINUTE),
        fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }),
        (livesMs, aheadMs) => {
          const guess = guessedLifeMs(issued({ livesMs }), NOW_MS + aheadMs);
          expect(guess).toBeLessThanOrEqual(livesMs);
          expect(guess).toBeGreaterThanOrEqual(Math.max(MINUTE, livesMs - 10 * MINUTE));
        },
      ),
    );
  });
});

test("a token that a program has kept lives as long as is left of it", () => {
  expect(guessedLifeMs(issued({ agoMs: 45 * MINUTE, livesMs: 60 * MINUTE }), NOW_MS)).toBe(15 * MINUTE);
});

test("without `iat`, what is left by the local clock", () => {
  expect(guessedLifeMs(madeJwt({ exp: NOW_MS / 1000 + 60 }), NOW_MS)).toBe(MINUTE);
});

test.each([
  ["one that has ended by the local clock", issued({ agoMs: 61 * MINUTE, livesMs: 60 * MINUTE })],
  ["one without an end", madeJwt({ iat: NOW_MS / 1000 })],
  ["one whose dates contradict each other", madeJwt({ iat: NOW_MS / 1000, exp: NOW_MS / 1000 - 3600 })],
  ["no JWT", "opaque"],
])("there is no guess for %s: the server will say", (_name, token) => {
  expect(guessedLifeMs(token, NOW_MS)).toBeNull();
});
