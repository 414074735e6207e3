import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { baselineCheck } from "../../cli/baseline/check.ts";
import { baselineSave } from "../../cli/baseline/save.ts";
import { CommandError } from "../../cli/command-error.ts";
import { type CompareOptions, compare, compareInOneRun } from "../../cli/compare.ts";
import type { Output } from "../../cli/output.ts";
import { styleFor } from "../../cli/style.ts";
import type { Sample } from "../../record/sample.ts";
import { seeded } from "../capacity/ceiling/closed-network.ts";
import { resultsFolder, writeRecord } from "../gate/written-record.ts";
import { sample } from "../record/samples.ts";

const SECONDS = 10;

/** 1,000 calls of 50 to 150 ms, times `factor`; of a hundred `failing` fail. */
const calls = (seed: number, factor = 1, failing = 0): Sample[] => {
  const random = seeded(seed);
  return Array.from({ length: 1000 }, (_, index) => {
    const isFailed = random() < failing / 100;
    const serviceMs = (50 + 100 * random()) * factor;
    return sample({ endMs: index * SECONDS, serviceMs, outcome: isFailed ? "timeout" : "ok" });
  });
};

/** Runs: `a` and `b` of one build, `slow`, `failing`, and one that was `killed`. */
const project = () => {
  const results = resultsFolder();
  writeRecord(results, calls(1), { id: "a" });
  writeRecord(results, calls(2), { id: "b" });
  writeRecord(results, calls(3, 1.5), { id: "slow" });
  writeRecord(results, calls(4, 1, 8), { id: "failing" });
  writeRecord(results, calls(5), { id: "killed", endReason: null });
  const printed: string[] = [];
  const output: Output = {
    print: (text) => void printed.push(text),
    style: styleFor({ isTTY: false } as NodeJS.WriteStream, {}),
    env: { SWARMBRIDGE_RESULTS: results },
    redactor: new Redactor(),
  };
  return { results, printed, output };
};

const FILES = { html: undefined, markdown: undefined, junit: undefined, json: false } as const;
const options = (runs: readonly string[], fields: Partial<CompareOptions> = {}): CompareOptions => ({
  runs,
  with: [],
  budget: [],
  ...FILES,
  ...fields,
});

describe("compare", () => {
  test("ends with 0 within the budgets, 1 when one is broken, 2 when it cannot be judged", () => {
    const { output, printed } = project();
    expect(compare(options(["a", "b"]), output)).toBe(0);
    expect(printed.at(-1)).toMatch(/^compare: no difference, within the budgets/);
    expect(compare(options(["a", "slow"]), output)).toBe(1);
    expect(printed.at(-1)).toContain("breaks the budget p95 +15%");
    expect(compare(options(["a", "failing"]), output)).toBe(1);
    expect(printed.at(-1)).toContain("breaks the budget errors +0.5 points");
    expect(compare(options(["a", "killed"]), output)).toBe(2);
    expect(printed.at(-1)).toContain("killed: its record is not complete");
  });

  test("takes budgets in the place of its own, and none for none", () => {
    const { output } = project();
    const wide = ["p95=80%", "p99=none", "throughput=90"];
    expect(compare(options(["a", "slow"], { budget: wide }), output)).toBe(0);
    expect(() => compare(options(["a", "b"], { budget: ["p95=fast"] }), output)).toThrow(CommandError);
  });

  test("compares each of several with the first, or one side with the other", () => {
    const { output, printed } = project();
    expect(compare(options(["a", "b", "slow"], { json: true }), output)).toBe(1);
    const told = JSON.parse(printed.at(-1) ?? "");
    expect(told).toMatchObject({ version: 1, exitCode: 1, comparisons: [{ after: ["b"] }, { after: ["slow"] }] });
    expect(compare(options(["a", "b"], { with: ["slow"], json: true }), output)).toBe(1);
    expect(JSON.parse(printed.at(-1) ?? "").comparisons).toMatchObject([{ before: ["a", "b"], after: ["slow"] }]);
    // Two runs of one side that are this far apart say nothing of a build.
    expect(compare(options(["a"], { with: ["b", "slow"] }), output)).toBe(2);
  });

  test("writes Markdown and JUnit where it is told to", () => {
    const { output, results } = project();
    const [markdown, junit] = [join(results, "c.md"), join(results, "c.xml")];
    compare(options(["a", "slow"], { markdown, junit }), output);
    expect(readFileSync(markdown, "utf8")).toContain("breaks its budget");
    expect(readFileSync(junit, "utf8")).toContain("<failure");
  });

  test("writes a page and JSON, in which a hostile name can do nothing", () => {
    const { output, results, printed } = project();
    const [html, json] = [join(results, "c.html"), join(results, "c.json")];
    const pageOf = (name: string, id: string): string => {
      const both = [calls(1), calls(3, 1.5)].map((side) => side.map((each) => ({ ...each, name })));
      for (const [index, side] of both.entries()) writeRecord(results, side, { id: `${id}-${index}` });
      expect(compare(options([`${id}-0`, `${id}-1`], { html, json }), output)).toBe(1);
      return readFileSync(html, "utf8");
    };
    const tags = (page: string): string[] => [...page.matchAll(/<([a-z!/][a-z0-9]*)/gi)].map(([, tag]) => tag ?? "");
    const harmless = pageOf("learn:tools/call:plain", "p");
    const hostile = `learn:tools/call:</script><img src=x onerror=alert(1)>"'\u001b[31m\u202e`;
    const page = pageOf(hostile, "h");
    expect(tags(page)).toEqual(tags(harmless));
    expect(page).toContain("&lt;img src=x");
    expect(printed.at(-1)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
      version: 1,
      comparisons: [{ rows: [{}, {}, { kind: "name", title: hostile }] }],
    });
  });

  test("takes no single run, none twice, and none that is not there", () => {
    const { output } = project();
    for (const runs of [["a"], ["a", "a"], ["a", "absent"]]) {
      expect(() => compare(options(runs), output)).toThrow(CommandError);
    }
  });
});

test("a run is not compared with a copy of itself, and none is taken for a file", () => {
  const { output, results } = project();
  const copy = join(results, "copy");
  cpSync(join(results, "a"), copy, { recursive: true });
  expect(() => compare(options(["a", copy]), output)).toThrow("a is named twice");
  expect(() => compare(options(["a", "slow"], { json: "b" }), output)).toThrow("--json took the run b for its file");
  // Of two runs one is left: that is not the mistake.
  expect(() => compare(options(["a"], { json: "b" }), output)).toThrow("--json took the run b for its file");
  expect(() => compareInOneRun(options([], { json: "b" }), output)).toThrow("--json took the run b for its file");
  const html = join(results, "c.html");
  expect(() => compare(options(["a", "b", "slow"], { html, junit: join(results, "c.xml") }), output)).toThrow(
    "--junit takes one comparison",
  );
  expect(existsSync(html)).toBe(false);
});

describe("baseline", () => {
  test("check takes no run that the baseline is made of", () => {
    const { output, results } = project();
    const baseline = join(results, "perf-baseline.json");
    baselineSave({ runs: ["a", "b"], baseline }, output);
    expect(() => baselineCheck({ runs: ["a"], baseline, budget: [], ...FILES }, output)).toThrow(
      "a is in the baseline itself",
    );
  });

  test("save keeps figures, and check holds a run against them", () => {
    const { output, results, printed } = project();
    const baseline = join(results, "perf-baseline.json");
    expect(baselineSave({ runs: ["a"], baseline }, output)).toBe(0);
    expect(baselineCheck({ runs: ["b"], baseline, budget: [], ...FILES }, output)).toBe(0);
    expect(baselineCheck({ runs: ["slow"], baseline, budget: [], ...FILES }, output)).toBe(1);
    expect(printed.at(-1)).toContain("a > slow");
    expect(printed.at(-1)).toMatch(/the baseline was saved at \d{4}-\d\d-\d\dT/);
    const html = join(results, "c.html");
    baselineCheck({ runs: ["b"], baseline, budget: [], ...FILES, html }, output);
    expect(readFileSync(html, "utf8")).toMatch(/<h2[^>]*>The new run alone/);
    compare(options(["a", "b"], { html }), output);
    expect(readFileSync(html, "utf8")).toMatch(/<h2[^>]*>Upon each other/);
    expect(baselineCheck({ runs: ["killed"], baseline, budget: [], ...FILES }, output)).toBe(2);
  });

  test("save takes no run that nothing may be held against", () => {
    const { output, results } = project();
    const baseline = join(results, "perf-baseline.json");
    expect(() => baselineSave({ runs: ["killed"], baseline }, output)).toThrow(
      "is no baseline: its record is not complete",
    );
    expect(existsSync(baseline)).toBe(false);
  });

  test("save takes no runs that cannot be compared with each other", () => {
    const { output, results } = project();
    const other = calls(6).map((each) => ({ ...each, name: "learn:tools/call:other" }));
    writeRecord(results, other, { id: "other" });
    const baseline = join(results, "perf-baseline.json");
    expect(() => baselineSave({ runs: ["a", "other"], baseline }, output)).toThrow(
      "no baseline together: no operation",
    );
    expect(existsSync(baseline)).toBe(false);
  });

  test("check needs a baseline of this version", () => {
    const { output, results } = project();
    const baseline = join(results, "perf-baseline.json");
    const check = () => baselineCheck({ runs: ["a"], baseline, budget: [], ...FILES }, output);
    expect(check).toThrow("make one of a good run with swarmbridge baseline save");
    writeFileSync(baseline, "{}");
    expect(check).toThrow("is no baseline of this version");
  });
});
