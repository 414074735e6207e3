import { expect, test } from "vitest";
import { authLines } from "../../record/auth-lines.ts";
import { pageOf } from "../../record/page.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";
import { authName } from "../../record/section.ts";
import { sample } from "./samples.ts";

const YELLOW = "\u001b[33m";

const toldOf = (samples: readonly Partial<Sample>[], failures: RunRecord["failures"] = [], columns = 120): string[] => {
  const recording = new Recording();
  for (const each of samples) recording.record(sample(each));
  const record = { dir: "", failures, damage: [], file: recording.toRunFile() } as unknown as RunRecord;
  return authLines("learn", record, pageOf({ columns, color: true }));
};
const plain = (lines: readonly string[]): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of the terminal
  lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, "")).join("\n");

const token = (fields: Partial<Sample> = {}) => ({ name: authName("learn", "token"), serviceMs: 41, ...fields });
const renewal = (fields: Partial<Sample> = {}) => ({ name: authName("learn", "renewal"), serviceMs: 38, ...fields });
const refused = (fields: Partial<Sample> = {}) => ({ name: authName("learn", "401"), serviceMs: undefined, ...fields });
const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

test("a server that needed no token has no line", () => {
  expect(toldOf([sample()])).toEqual([]);
});

test("tokens, renewals and refusals of a sound run are one quiet line", () => {
  const lines = toldOf([token(), ...times(24, renewal()), ...times(3, refused())]);
  expect(plain(lines)).toBe("  auth: 1 token (41 ms), 24 renewals (p95 38 ms); 3 x 401, all repaired");
  expect(lines.join()).not.toContain(YELLOW);
});

test("too few times for a percentile are told by their largest", () => {
  expect(plain(toldOf([...times(2, token()), token({ serviceMs: 90 })]))).toBe("  auth: 3 tokens (at most 90 ms)");
});

test("another server's tokens are not this one's", () => {
  expect(toldOf([token({ name: authName("learn2", "token") })])).toEqual([]);
});

test.each([
  ["a renewal that failed", renewal({ outcome: "auth" }), "24 renewals (p95 38 ms), 1 renewal failed"],
  ["a token that failed", token({ outcome: "auth" }), "1 token failed, 24 renewals (p95 38 ms)"],
  ["a refusal that stayed", refused({ outcome: "http-401" }), "24 renewals (p95 38 ms); 1 x 401, 1 not repaired"],
])("%s is a warning", (_what, bad, told) => {
  const lines = toldOf([...times(24, renewal()), bad]);
  expect(plain(lines)).toBe(`  auth: ${told}`);
  expect(lines.every((line) => line.startsWith(YELLOW))).toBe(true);
});

test("a refusal whose user left before it was repaired is held against nobody", () => {
  const lines = toldOf([refused(), refused({ outcome: "cancelled" })]);
  expect(plain(lines)).toBe("  auth: 2 x 401, 1 cut off");
  expect(lines.join()).not.toContain(YELLOW);
});

test("a token that had not come when the run ended is told with its time, and is held against nobody", () => {
  const lines = toldOf([token(), token({ outcome: "cancelled", serviceMs: 4_000 })]);
  expect(plain(lines)).toBe("  auth: 1 token (41 ms), 1 token not answered by the end (4,000 ms)");
  expect(lines.join()).not.toContain(YELLOW);
});

test("the first example of what failed follows, and no line of it is too long", () => {
  const detail = `the issuer of tokens refused: https://login.example/${"x".repeat(120)} (HTTP 401 invalid_client)`;
  const failures = [{ name: authName("learn", "renewal"), outcome: "auth" as const, samples: [detail, "another"] }];
  const lines = toldOf([renewal({ outcome: "auth" })], failures, 80);
  expect(plain(lines)).toContain("  auth failed, e.g. the issuer of tokens refused:");
  expect(plain(lines)).not.toContain("another");
  for (const line of plain(lines).split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
});
