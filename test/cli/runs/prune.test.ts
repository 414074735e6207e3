import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Redactor } from "../../../bridge/redactor.ts";
import { CommandError } from "../../../cli/command-error.ts";
import type { Output } from "../../../cli/output.ts";
import { type PruneOptions, prune } from "../../../cli/runs/prune.ts";
import { styleFor } from "../../../cli/style.ts";
import { baselineJson } from "../../../gate/compare/baseline-file.ts";
import { measureRun } from "../../../gate/compare/measure-run.ts";
import { logHead } from "../../../record/latency-log.ts";
import { readRun } from "../../../record/read-run.ts";
import { type OneRun, writtenHistory } from "../../gate/history/written-history.ts";
import { resultsFolder, writeRecord } from "../../gate/written-record.ts";
import { sample } from "../../record/samples.ts";

/** The files that the system refuses to delete or to rename: rights would not stop a test that root runs. */
const refused = vi.hoisted(() => ({ deleting: false, renaming: "" }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const refusal = (): Error => Object.assign(new Error("refused"), { code: "EACCES" });
  return {
    ...real,
    rmSync: (path: string, options: object) => {
      if (refused.deleting && path.includes(".swarmbridge-pruned-")) throw refusal();
      real.rmSync(path, options);
    },
    renameSync: (from: string, to: string) => {
      if (from === refused.renaming) throw refusal();
      real.renameSync(from, to);
    },
  };
});

const agedTree = (folder: string): void => {
  const long = new Date("2026-01-01");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    utimesSync(join(folder, name), long, long);
  }
  utimesSync(folder, long, long);
};

const project = (history: readonly OneRun[]) => {
  const { results } = writtenHistory(history);
  const printed: string[] = [];
  const seen = { onPrint: (_text: string): void => {} };
  const output: Output = {
    print: (text) => {
      printed.push(text);
      seen.onPrint(text);
    },
    style: styleFor({ isTTY: false } as NodeJS.WriteStream, {}),
    env: { SWARMBRIDGE_RESULTS: results },
    redactor: new Redactor(),
  };
  // The working folder may have a baseline of its own.
  const baseline = join(resultsFolder(), "perf-baseline.json");
  const runPrune = (options: Partial<PruneOptions>, exitCode = 0): string => {
    printed.length = 0;
    const typed = { keep: undefined, olderThan: undefined, baseline: undefined, yes: false, ...options };
    expect(prune(typed, output)).toBe(exitCode);
    return printed.join("\n");
  };
  return { results, baseline, runPrune, seen, left: () => readdirSync(results).toSorted() };
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
    agedTree(join(results, "r0"));
    runPrune({ keep: 1, baseline, yes: true });
    expect(left()).toEqual(["r2", "r4"]);
  });

  test("leaves one at Azure whose record is not complete", () => {
    const { results, runPrune, left } = project([{ fields: { state: "running", endedAt: null } }, {}]);
    writeFileSync(join(results, "r0", "azure.json"), "{}");
    expect(runPrune({ keep: 1, yes: true })).toContain("r0 stays: it is at Azure");
    expect(left()).toEqual(["r0", "r1"]);
  });

  test("leaves another program's folder alone that has parts, too", () => {
    const { results, runPrune, left } = project([{}]);
    for (const [name, head] of [
      ["film", { startedAt: "2025-01-01T00:00:00Z" }],
      ["empty", null],
    ] as const) {
      mkdirSync(join(results, name, "parts", "1"), { recursive: true });
      if (head !== null) writeFileSync(join(results, name, "parts", "1", "run.json"), JSON.stringify(head));
    }
    // A line that begins as our log does makes no record.
    writeFileSync(join(results, "empty", "parts", "1", "latency.hlog"), logHead(Date.parse("2025-01-01T00:00:00Z")));
    writeRecord(join(results, "mixed", "parts"), [sample()], { id: "ours" });
    mkdirSync(join(results, "mixed", "parts", "other"));
    writeFileSync(join(results, "mixed", "parts", "other", "run.json"), "{}");
    for (const name of left()) agedTree(join(results, name));
    expect(runPrune({ olderThan: "1h", yes: true })).toContain("deleted 1 of 1 runs");
    expect(left()).toEqual(["empty", "film", "mixed"]);
  });

  test("deletes parts that nobody merged, unless they are written again meanwhile", () => {
    const { results, runPrune, seen, left } = project([{}]);
    for (const name of ["a", "b"]) {
      writeRecord(join(results, name, "parts"), [sample()], { id: "part" });
      agedTree(join(results, name));
    }
    // The plan is made by then, and `a` is gone.
    seen.onPrint = (text) => {
      if (text.startsWith("a ")) writeFileSync(join(results, "b", "parts", "part", "timeline.jsonl"), "");
    };
    const said = runPrune({ keep: 0, yes: true });
    expect(said).toContain("b stays: it is not complete, and was written within the last hour");
    expect(left()).toEqual(["b"]);
  });

  test("goes on after a run that cannot be deleted, leaves it whole or out of the list, and says so", () => {
    const { results, runPrune, left } = project(FOUR);
    refused.renaming = join(results, "r0");
    expect(runPrune({ keep: 2, yes: true }, 3)).toMatch(
      /^r0 could not be deleted: EACCES;.*\nr1 {2}.* old\ndeleted 1 of 4/,
    );
    expect(left()).toEqual(["r0", "r2", "r3"]);
    Object.assign(refused, { renaming: "", deleting: true });
    expect(runPrune({ keep: 2, yes: true }, 3)).toContain("r0 could not be deleted as a whole: EACCES");
    expect(runPrune({ keep: 2, yes: true }, 3)).toContain("what is left of a run that was deleted earlier could not");
    expect(left()).toEqual([expect.stringMatching(/^\.swarmbridge-pruned-/), "r2", "r3"]);
    refused.deleting = false;
    expect(runPrune({ keep: 2 })).toMatch(/^nothing to delete: 2 runs/);
    expect(left()).toHaveLength(3);
    runPrune({ keep: 2, yes: true });
    expect(left()).toEqual(["r2", "r3"]);
  });

  test("refuses to guess what should go", () => {
    const { runPrune } = project([{}]);
    expect(() => runPrune({})).toThrow(CommandError);
    expect(() => runPrune({ olderThan: "old" })).toThrow(CommandError);
    // Months are meant, not minutes.
    expect(() => runPrune({ olderThan: "6m" })).toThrow("write it in hours, days or weeks");
    expect(() => runPrune({ olderThan: "0d" })).toThrow(CommandError);
    expect(runPrune({ olderThan: "9999w" })).toMatch(/^nothing to delete/);
    expect(() => runPrune({ keep: 1, baseline: "/nowhere/baseline.json" })).toThrow("is no baseline that can be read");
  });
});
