import { describe, expect, test } from "vitest";
import { RefusalHold } from "../../auth/refusal-hold.ts";

const SECOND = 1000;

test("the first refusal is admitted, the next after 5 s, then 10, 20, 40, 60 and 60", () => {
  const hold = new RefusalHold();
  let nowMs = 0;
  for (const seconds of [5, 10, 20, 40, 60, 60]) {
    expect(hold.admits("Bearer", nowMs)).toBe(true);
    hold.arm("Bearer", nowMs);
    expect(hold.admits("Bearer", nowMs + seconds * SECOND - 1)).toBe(false);
    nowMs += seconds * SECOND;
  }
});

test("after a quiet minute it begins anew", () => {
  const hold = new RefusalHold();
  hold.arm(null, 0);
  hold.arm(null, 5 * SECOND);
  hold.arm(null, (15 + 60) * SECOND);
  expect(hold.admits(null, (15 + 60 + 5) * SECOND)).toBe(true);
});

test("another challenge is let through at once, but not more than four of them", () => {
  const hold = new RefusalHold();
  const scopes = ["a", "b", "c", "d", "e", "f"].map((scope) => `Bearer error="insufficient_scope", scope="${scope}"`);
  const admitted = scopes.filter((challenge) => {
    const admits = hold.admits(challenge, 0);
    if (admits) hold.arm(challenge, 0);
    return admits;
  });
  expect(admitted).toEqual(scopes.slice(0, 4));
  expect(hold.admits(scopes[0] ?? "", 0)).toBe(false);
});

test("a refusal without a challenge is held like any other", () => {
  const hold = new RefusalHold();
  hold.arm(null, 0);
  expect(hold.admits(null, 1)).toBe(false);
});

describe("when the token that was fetched has served", () => {
  test("the next refusal is admitted a second after the last, and is a first one again", () => {
    const hold = new RefusalHold();
    hold.arm(null, 0);
    hold.arm(null, 5 * SECOND);
    hold.served();
    expect(hold.admits(null, 6 * SECOND - 1)).toBe(false);
    expect(hold.admits(null, 6 * SECOND)).toBe(true);
    hold.arm(null, 6 * SECOND);
    expect(hold.admits(null, 11 * SECOND - 1)).toBe(false);
    expect(hold.admits(null, 11 * SECOND)).toBe(true);
  });

  test.each([
    ["the same challenge", () => "Bearer"],
    ["a new challenge each time", (call: number) => `Bearer scope="${call}"`],
  ])("a server that refuses and accepts in turn, with %s, causes one fetch a second", (_name, challengeOf) => {
    const hold = new RefusalHold();
    let fetches = 0;
    for (let call = 0; call < 10_000; call++) {
      const nowMs = call * 10;
      if (!hold.admits(challengeOf(call), nowMs)) continue;
      hold.arm(challengeOf(call), nowMs);
      hold.served();
      fetches += 1;
    }
    // Three more for challenges that were let through at once.
    expect(fetches).toBeLessThanOrEqual(100 + 3);
    expect(fetches).toBeGreaterThanOrEqual(99);
  });
});
