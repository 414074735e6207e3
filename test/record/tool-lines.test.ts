import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ToolsSection } from "../../record/facts/tools.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { summarize } from "../../record/summary.ts";
import { toolsBefore } from "../../record/tools-before.ts";
import { resultsFolder, writeRecord } from "../gate/written-record.ts";
import { sample } from "./samples.ts";

type Prints = Readonly<Record<string, string>>;

const section = (schemas: Prints, differing: string[] = [], more = 0): ToolsSection => ({
  learn: {
    atMs: 1,
    more,
    lists: 1,
    differing,
    tools: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { schema, description: "d" }])),
  },
});

/** A record on disk that holds these tools. */
const record = (results: string, id: string, tools: ToolsSection, url = "http://127.0.0.1:1/mcp"): RunRecord => {
  const { dir, file } = writeRecord(results, [sample()], { id });
  writeFileSync(join(dir, "run.json"), JSON.stringify({ ...file, servers: { learn: { url } }, facts: { tools } }));
  return readRun(dir);
};

const told = (run: RunRecord): string => summarize(run, { toolsBefore: toolsBefore(run), columns: 140 });

test("a summary names the tools that came, went and changed since the last run of the same server", () => {
  const results = resultsFolder();
  record(results, "20260301-100000-multi-aaaa", section({ fetch: "1", search: "1" }));
  const now = record(results, "20260302-100000-multi-bbbb", section({ search: "2", write: "1" }));
  expect(told(now)).toContain(
    "  tools changed since 20260301-100000-multi-aaaa: added write; removed fetch; changed search\n",
  );
});

test("nothing is said of the same tools, of a first run, or of another machine under the same name", () => {
  const results = resultsFolder();
  const first = record(results, "20260301-100000-multi-aaaa", section({ search: "1" }));
  const same = record(results, "20260302-100000-multi-bbbb", section({ search: "1" }));
  const elsewhere = record(results, "20260303-100000-multi-cccc", section({ search: "2" }), "http://127.0.0.1:2/mcp");
  for (const run of [first, same, elsewhere]) expect(told(run)).not.toContain("tools changed");
});

test("the run before is the newest earlier one with tools of this server, whatever else lies in the folder", () => {
  const results = resultsFolder();
  record(results, "20260301-100000-multi-aaaa", section({ search: "1" }));
  record(results, "20260302-100000-multi-bbbb", {});
  mkdirSync(join(results, "20260303-100000-broken-cccc"));
  writeFileSync(join(results, "20260303-100000-broken-cccc", "run.json"), "{");
  mkdirSync(join(results, "probe"));
  const now = record(results, "20260304-100000-multi-dddd", section({ search: "2" }));
  record(results, "20260305-100000-multi-eeee", section({ search: "2" }));
  expect(told(now)).toContain("tools changed since 20260301-100000-multi-aaaa: changed search\n");
});

test("a list that changes while the run goes on is said, of many names the first", () => {
  const run = record(resultsFolder(), "20260301-100000-multi-aaaa", section({}, ["a", "b", "c", "d", "e", "f", "g"]));
  expect(told(run)).toContain("tools differed from list to list during this run: a, b, c, d, e and 2 more\n");
});

test("a name cannot repaint the terminal", () => {
  const run = record(resultsFolder(), "20260301-100000-multi-aaaa", section({}, ["\u001b[2Jsearch"]));
  expect(told(run)).not.toContain("\u001b");
});

test("tools that were not looked at are counted, and no names of theirs given", () => {
  const results = resultsFolder();
  record(results, "20260301-100000-multi-aaaa", section({ a: "1", b: "1" }, [], 2));
  const other = record(results, "20260302-100000-multi-bbbb", section({ a: "2", b: "1" }, [], 2));
  expect(told(other)).toContain("changed a; 2 not looked at\n");
  const more = record(results, "20260303-100000-multi-cccc", section({ a: "2", aa: "1" }, [], 3));
  expect(told(more)).toContain("added aa; 3 not looked at, 2 then\n");
  const same = record(results, "20260304-100000-multi-dddd", section({ a: "2", aa: "1" }, [], 3));
  expect(told(same)).not.toContain("tools changed");
});
