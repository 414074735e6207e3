import { describe, expect, test } from "vitest";
import type { Token } from "../../../auth/token.ts";
import { PlaneCredential } from "../../../azure/plane/plane-credential.ts";
import { handClock, tokens } from "./plane-harness.ts";

const made = (give: () => Promise<Token>) => {
  const clock = handClock();
  let asked = 0;
  const token = (): Promise<Token> => {
    asked += 1;
    return give();
  };
  const settings = { use: "auto", instanceDiscovery: true } as const;
  const credential = new PlaneCredential({ azure: { token }, credential: settings, scope: "s", nowMs: clock.nowMs });
  return { credential, clock, asked: () => asked };
};

const HOUR_MS = 3_600_000;
const value = async (credential: PlaneCredential) => (await credential.getToken()).token;

describe("the token of a plane", () => {
  test("is asked for once, however many want it", async () => {
    const { promise, resolve } = Promise.withResolvers<Token>();
    const { credential, asked } = made(() => promise);
    const wanted = Array.from({ length: 20 }, () => value(credential));
    resolve({ value: "a", livesMs: HOUR_MS });
    expect(new Set(await Promise.all(wanted))).toEqual(new Set(["a"]));
    expect(asked()).toBe(1);
  });

  test("is renewed two minutes ahead of its end, a short one at half of its life", async () => {
    for (const [livesMs, stillMs, renewedMs] of [
      [HOUR_MS, HOUR_MS - 120_001, HOUR_MS - 120_000],
      [60_000, 29_999, 30_000],
    ] as const) {
      const { credential, clock, asked } = made(async () => ({ value: "a", livesMs }));
      await value(credential);
      clock.advance(stillMs);
      await value(credential);
      expect(asked()).toBe(1);
      clock.advance(renewedMs - stillMs);
      await value(credential);
      expect(asked()).toBe(2);
    }
  });

  test("serves to its end when the renewal fails, and that end is the failure's", async () => {
    const answers = [{ value: "a", livesMs: HOUR_MS }];
    const { credential, clock, asked } = made(async () => {
      const next = answers.shift();
      if (next === undefined) throw new Error("the issuer is away");
      return next;
    });
    await value(credential);
    clock.advance(HOUR_MS - 100_000);
    expect(await value(credential)).toBe("a");
    expect(await value(credential)).toBe("a");
    expect(asked()).toBe(2);
    clock.advance(30_000);
    expect(await value(credential)).toBe("a");
    expect(asked()).toBe(3);
    clock.advance(70_000);
    await expect(value(credential)).rejects.toThrow("the issuer is away");
  });

  test("of which nobody said how long it lives is asked for anew after eight minutes", async () => {
    const { credential, clock, asked } = made(async () => ({ value: "a", livesMs: null }));
    await value(credential);
    clock.advance(479_999);
    await value(credential);
    expect(asked()).toBe(1);
    clock.advance(1);
    await value(credential);
    expect(asked()).toBe(2);
  });

  test("that was refused is not given out again", async () => {
    const { credential } = made(tokens());
    expect(await value(credential)).toBe("token-1");
    credential.forget();
    expect(await value(credential)).toBe("token-2");
    expect((await credential.getToken("s", { claims: "{}" })).token).toBe("token-3");
  });

  test("is said to end at once, so that no library renews it in the background", async () => {
    const { credential } = made(async () => ({ value: "a", livesMs: HOUR_MS }));
    expect((await credential.getToken()).expiresOnTimestamp).toBeLessThanOrEqual(Date.now());
  });
});
