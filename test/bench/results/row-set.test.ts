import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordResults } from "../../../azure/engines/record-results.ts";
import { ENGINES, RUN_MS, STARTED_MS, writeRowSet } from "../../../bench/results/row-set.ts";
import { readRun } from "../../../record/read-run.ts";

test("the rows that the bench makes are read whole: as many as were asked for, a hundredth failed with its reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "row-set-"));
  const runDir = join(folder, "record");
  await recordResults({
    runDir,
    files: writeRowSet(folder, 1_600),
    engines: ENGINES,
    head: {
      id: "bench",
      testId: "bench",
      startedAt: new Date(STARTED_MS).toISOString(),
      endedAt: new Date(STARTED_MS + RUN_MS).toISOString(),
      endReason: "done",
      outcome: { state: "DONE", result: null, client: [], server: [] },
      plan: {},
      versions: {},
      servers: {},
    },
  });
  const { operations, origin } = readRun(runDir).file;
  const all = Object.values(operations);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(1_600);
  expect(all.reduce((sum, { outcomes }) => sum + (outcomes["http-5xx"]?.count ?? 0), 0)).toBe(16);
  expect(origin?.engines.every(({ brokenRows, movedRows }) => brokenRows + movedRows === 0)).toBe(true);
  rmSync(folder, { recursive: true });
});
