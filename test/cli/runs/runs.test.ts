import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../../bridge/redactor.ts";
import { CommandError } from "../../../cli/command-error.ts";
import type { Output } from "../../../cli/output.ts";
import { type RunsOptions, runs } from "../../../cli/runs/runs.ts";
import { VALUES } from "../../../cli/runs-command.ts";
import { styleFor } from "../../../cli/style.ts";
import { QUANTITIES, RULES } from "../../../gate/compare/quantity.ts";
import { type OneRun, writtenHistory } from "../../gate/history/written-history.ts";
import { SEARCH } from "../../record/samples.ts";

const project = (history: readonly OneRun[]) => {
  const { results } = writtenHistory(history);
  const printed: string[] = [];
  const output: Output = {
    print: (text) => void printed.push(text),
    style: styleFor({ isTTY: false } as NodeJS.WriteStream, {}),
    env: { SWARMBRIDGE_RESULTS: results },
    redactor: new Redactor(),
  };
  const list = (options: Partial<RunsOptions> = {}): string => {
    const none = { all: false, gate: false, config: undefined, trend: undefined, value: undefined, json: false };
    expect(runs({ ...none, ...options }, output)).toBe(0);
    return printed.at(-1) ?? "";
  };
  return { results, list };
};

const ROW = [50, 51, 49, 50, 52, 50].map((p95Ms) => ({ p95Ms }));

describe("runs", () => {
  test("lists the newest twenty, the newest last, and all when asked", () => {
    const { list, results } = project(Array.from({ length: 22 }, () => ({ p95Ms: 44 })));
    mkdirSync(join(results, "pictures"));
    const lines = list().split("\n");
    expect(lines[0]).toMatch(/^run +users +length +ops +failed +p95 +generator +what$/);
    expect(lines[1]).toMatch(/^r2 +4 +10\.0 s +40 +0% +44 +\w+ +learn$/);
    expect(lines[20]).toMatch(/^r21 /);
    expect(lines.slice(-2)).toEqual(["2 older runs: --all shows them", "left alone: 1 folder without a run record"]);
    expect(list({ all: true }).split("\n")[1]).toMatch(/^r0 /);
  });

  test("says the same as JSON", () => {
    const { list } = project(ROW);
    const { version, runs: rows } = JSON.parse(list({ json: true }));
    expect([version, rows.length]).toEqual([1, 6]);
    expect(rows[0]).toMatchObject({
      run: "r0",
      state: "complete",
      operations: 40,
      busiest: { name: SEARCH, p95Ms: 50 },
    });
  });

  test("says of a run that did not end that it did not", () => {
    const { list } = project([{}, { fields: { state: "running", endedAt: null } }]);
    expect(list()).toMatch(/^r1 .* not ended/m);
  });

  test("shows a figure over the runs of one load, and where the latest lies", () => {
    const { list } = project([{ p95Ms: 5, fields: { plan: { users: 99 } } }, ...ROW, { p95Ms: 100 }]);
    const lines = list({ trend: SEARCH }).split("\n");
    expect(lines[0]).toBe(`${SEARCH}, p95 in ms: 7 runs with the same load`);
    expect(lines[1]).toBe(`r1   50  ${"#".repeat(20)}`);
    expect(lines[7]).toBe(`r7  100  ${"#".repeat(40)}`);
    expect(lines[8]).toContain("the latest, 100, is above its row");
    expect(JSON.parse(list({ trend: SEARCH, json: true })).latest).toMatchObject({ told: "above its row", before: 6 });
    expect(list({ trend: "all", value: "errors" })).toContain("all operations, errors in %: 7 runs");
  });

  test("refuses what has no answer, with what to do", () => {
    const { list } = project(ROW);
    expect(() => list({ value: "p99" })).toThrow(CommandError);
    expect(() => list({ trend: "all", value: "p99" })).toThrow("no common percentile");
    expect(() => list({ trend: "learn:tools/call:serch" })).toThrow("did you mean learn:tools/call:search?");
  });
});

test("every figure can be typed", () => {
  expect([...VALUES]).toEqual(QUANTITIES.map((each) => RULES[each].title));
});
