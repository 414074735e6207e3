import { expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { type CompareOptions, compareInOneRun } from "../../cli/compare.ts";
import { styleFor } from "../../cli/style.ts";
import { seeded } from "../capacity/ceiling/closed-network.ts";
import { writtenRun } from "../record/written-run.ts";

/** 800 calls in ten seconds, of either server half, the second one's `factor` times as long. */
const dirOf = (factor: number, trafficOf?: string): string => {
  const random = seeded(3);
  const samples = Array.from({ length: 800 }, (_, index) => ({
    name: `${index % 2 === 0 ? "learn" : "next"}:tools/call:search`,
    endMs: 100 + 12 * index,
    serviceMs: (50 + 50 * random()) * (index % 2 === 0 ? 1 : factor),
  }));
  const next = { targetClass: "loopback", ...(trafficOf !== undefined && { trafficOf }) };
  const servers = { learn: { targetClass: "loopback" }, next };
  return writtenRun(samples, { identity: { servers }, gauges: { sessionsByServer: { learn: 4, next: 4 } } }).dir;
};

const compared = (runs: readonly string[], fields: Partial<CompareOptions> = {}) => {
  const printed: string[] = [];
  const options = { with: [], budget: [], html: undefined, markdown: undefined, junit: undefined, json: false };
  const code = compareInOneRun(
    { ...options, runs, ...fields },
    {
      print: (text) => void printed.push(text),
      style: styleFor({ isTTY: false } as NodeJS.WriteStream, {}),
      env: {},
      redactor: new Redactor(),
    },
  );
  return { code, out: printed.join("\n") };
};

test("says of a slower server how much, with the exit code of a broken budget, and of one alike that it is", () => {
  const slow = compared([dirOf(1.3, "learn")]);
  expect([slow.code, slow.out]).toEqual([1, expect.stringContaining("learn > next")]);
  expect(slow.out).toContain("breaks the budget p95 +15%");
  const alike = compared([dirOf(1, "learn")]);
  expect([alike.code, alike.out]).toEqual([0, expect.stringMatching(/^compare: no difference, within the budgets/)]);
  expect(compared([dirOf(1.3, "learn")], { budget: ["p95=60%", "p99=60%"] }).code).toBe(0);
});

test("refuses two runs, and one in which no server had the traffic of another", () => {
  const dir = dirOf(1);
  expect(() => compared([dir, dir])).toThrow("--ab compares two servers of one run");
  expect(() => compared([dir])).toThrow("has no server with the traffic of another one: write trafficOf");
});
