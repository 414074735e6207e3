import { describe, expect, test } from "vitest";
import { GENTLE, Guard, partOf } from "../../bridge/guard.ts";
import { serverSettings } from "../server-settings.ts";

const guardOf = (url: string, allow: { users: number; callsPerSecond: number } | null = null) => {
  const notes: string[] = [];
  const guard = new Guard(serverSettings({ name: "theirs", url, allow }), (text) => notes.push(text));
  return { guard, notes };
};
const admitted = (guard: Guard, tries: number): number =>
  Array.from({ length: tries }, () => guard.admit()).filter((waitMs) => waitMs === 0).length;

describe("Guard", () => {
  test("holds a public target to 17 users and 3 calls a second, and says so once", () => {
    const { guard, notes } = guardOf("https://learn.microsoft.com/api/mcp");
    expect(admitted(guard, 50)).toBe(GENTLE.users);
    expect([0, 0, 0, 0].map((now) => Math.round(guard.callDelayMs(now)))).toEqual([0, 333, 667, 1000]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain("theirs: held to 17 users and 3 calls a second");
    expect(notes[0]).toContain("allow:");
  });

  test("lets go of a loopback or private target", () => {
    for (const url of ["http://127.0.0.1:4101/mcp", "http://10.1.2.3/mcp", "http://[::1]:80/mcp"]) {
      const { guard, notes } = guardOf(url);
      expect(admitted(guard, 5000)).toBe(5000);
      expect(guard.callDelayMs(0) + guard.callDelayMs(0)).toBe(0);
      expect(notes).toEqual([]);
    }
  });

  test("takes the owner's consent, on any target", () => {
    const { guard } = guardOf("https://learn.microsoft.com/api/mcp", { users: 40, callsPerSecond: 100 });
    expect(admitted(guard, 50)).toBe(40);
    expect([0, 0].map((now) => guard.callDelayMs(now))).toEqual([0, 10]);
  });

  test("a place that is released is given to the next", () => {
    const { guard } = guardOf("https://example.com/mcp");
    expect(admitted(guard, 50)).toBe(17);
    guard.release();
    expect(admitted(guard, 50)).toBe(1);
  });

  test("further requests of an operation keep the next calls waiting", () => {
    const { guard, notes } = guardOf("https://example.com/mcp");
    guard.callDelayMs(0);
    guard.spend(0);
    guard.spend(-1);
    guard.spend(2);
    expect(guard.callDelayMs(0)).toBeCloseTo(1000);
    expect(notes[0]).toContain("calls a second");
  });

  test("a slot that was not used is not saved up for a burst", () => {
    const { guard } = guardOf("https://example.com/mcp");
    expect(guard.callDelayMs(0)).toBe(0);
    expect(guard.callDelayMs(10_000)).toBe(0);
    expect(Math.round(guard.callDelayMs(10_000))).toBe(333);
  });

  test("several bridges share the limits exactly", () => {
    for (const of of [1, 2, 3, 5, 16, 40]) {
      const parts = Array.from({ length: of }, (_, index) => partOf(17, { index, of }));
      expect(parts.reduce((sum, part) => sum + part)).toBe(17);
    }
    const { guard } = guardOf("https://example.com/mcp");
    guard.divide({ index: 1, of: 2 });
    expect(admitted(guard, 50)).toBe(9);
    expect([0, 0].map((now) => Math.round(guard.callDelayMs(now)))).toEqual([0, 667]);
  });
});
