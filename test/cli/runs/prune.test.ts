import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../../bridge/redactor.ts";
import { CommandError } from "../../../cli/command-error.ts";
import type { Output } from "../../../cli/output.ts";
import { type PruneOptions, prune } from "../../../cli/runs/prune.ts";
import { styleFor } from "../../../cli/style.ts";
import { baselineJson } from "../../../gate/compare/baseline-file.ts";
import { measureRun } from "../../../gate/compare/measure-run.ts";
import { readRun } from "../../../record/read-run.ts";
import { type OneRun, writtenHistory } from "../../gate/history/written-history.ts";
import { resultsFolder } from "../../gate/written-record.ts";

const project = (history: readonly OneRun[]) => {
  const { results } = writtenHistory(history);
  const printed: string[] = [];
  const output: Output = {
    print: (text) => void printed.push(text),
    style: styleFor({ isTTY: false } as NodeJS.WriteStream, {}),
    env: { SWARMBRIDGE_RESULTS: results },
    redactor: new Redactor(),
  };
  // The working folder may have a baseline of its own.
  const baseline = join(resultsFolder(), "perf-baseline.json");
  const runPrune = (options: Partial<PruneOptions>): string => {
    printed.length = 0;
    expect(prune({ keep: undefined, olderThan: undefined, baseline: undefined, yes: false, ...options }, output)).toBe(
      0,
    );
    return printed.join("\n");
  };
  return { results, baseline, runPrune, left: () => readdirSync(results).toSorted() };
};

const FOUR = [{}, {}, {}, {}];

describe("runs prune", () => {
  test("says what would go and deletes nothing; with --yes it does", () => {
    const { runPrune, left } = project(FOUR);
    expect(runPrune({ keep: 3 })).toMatch(
      /^r0 {2}.* KB, .* old\nwould delete 1 of 4 runs in .* KB: type the same with --yes$/,
    );
    expect(left()).toEqual(["r0", "r1", "r2", "r3"]);
    expect(runPrune({ keep: 3, yes: true })).toContain("deleted 1 of 4 runs");
    expect(left()).toEqual(["r1", "r2", "r3"]);
    expect(runPrune({ keep: 3, yes: true })).toMatch(/^nothing to delete/);
  });

  test("deletes no folder that is no run record, no link and nothing behind one", () => {
    const { results, runPrune, left } = project([{}]);
    const outside = join(resultsFolder(), "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "precious"), "");
    symlinkSync(outside, join(results, "r0", "inside-link"));
    symlinkSync(outside, join(results, "link"));
    mkdirSync(join(results, "pictures"));
    mkdirSync(join(results, "torn"));
    writeFileSync(join(results, "torn", "run.json"), "{");
    const said = runPrune({ olderThan: "1h", yes: true });
    expect(left()).toEqual(["link", "pictures", "torn"]);
    expect(existsSync(join(outside, "precious"))).toBe(true);
    expect(said).toContain("left alone: 1 folder without a run record; 1 whose record cannot be read (torn)");
  });

  test("leaves a test that is still running, and what a baseline was made of", () => {
    const { results, baseline, runPrune, left } = project([{ fields: { state: "running", endedAt: null } }, ...FOUR]);
    writeFileSync(baseline, baselineJson([measureRun(readRun(join(results, "r2")))], "2026-03-01T00:00:00Z"));
    const said = runPrune({ keep: 1, baseline, yes: true });
    expect(said).toContain("r0 stays: it is not complete, and was written within the last hour");
    expect(said).toContain(`r2 stays: ${baseline} was made of it`);
    expect(left()).toEqual(["r0", "r2", "r4"]);
    const long = new Date("2026-01-01");
    for (const name of readdirSync(join(results, "r0"))) utimesSync(join(results, "r0", name), long, long);
    utimesSync(join(results, "r0"), long, long);
    runPrune({ keep: 1, baseline, yes: true });
    expect(left()).toEqual(["r2", "r4"]);
  });

  test("leaves one at Azure whose record is not complete", () => {
    const { results, runPrune, left } = project([{ fields: { state: "running", endedAt: null } }, {}]);
    writeFileSync(join(results, "r0", "azure.json"), "{}");
    expect(runPrune({ keep: 1, yes: true })).toContain("r0 stays: it is at Azure");
    expect(left()).toEqual(["r0", "r1"]);
  });

  test("refuses to guess what should go", () => {
    const { runPrune } = project([{}]);
    expect(() => runPrune({})).toThrow(CommandError);
    expect(() => runPrune({ olderThan: "old" })).toThrow(CommandError);
    expect(() => runPrune({ keep: 1, baseline: "/nowhere/baseline.json" })).toThrow("is no baseline that can be read");
  });
});
