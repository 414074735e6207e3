import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns } from "../../record/run-list.ts";
import { resultsFolder, writeRecord } from "../gate/written-record.ts";
import { sample } from "./samples.ts";

test("runs are listed by when they started; what is none is counted and left alone", () => {
  const results = resultsFolder();
  const file = (name: string, text: string): void => {
    mkdirSync(join(results, name), { recursive: true });
    writeFileSync(join(results, name, "run.json"), text);
  };
  const { dir, file: head } = writeRecord(results, [sample()], { id: "b" });
  file("a-later", JSON.stringify({ ...head, startedAt: "2026-04-01T00:00:00Z" }));
  file("torn", '{"schema": 1, "id"');
  file("other-program", '{"name": "x"}');
  file("newer-version", JSON.stringify({ ...head, schema: 2 }));
  mkdirSync(join(results, "pictures"));
  writeFileSync(join(results, "notes.txt"), "");
  symlinkSync(dir, join(results, "link"));
  writeRecord(join(results, "parts-only", "parts"), [sample()], { id: "p1" });
  const { runs, broken, others } = listRuns(results);
  expect(runs.map(({ name, head: each }) => [name, each?.state ?? null])).toEqual([
    ["b", "complete"],
    ["parts-only", null],
    ["a-later", "complete"],
  ]);
  expect([broken.toSorted(), others]).toEqual([["newer-version", "other-program", "torn"], 1]);
});

test("a folder that is not there has no runs", () => {
  expect(listRuns(join(resultsFolder(), "none"))).toEqual({ runs: [], broken: [], others: 0 });
});
