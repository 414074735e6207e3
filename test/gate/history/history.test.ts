import { expect, test } from "vitest";
import { historyOf } from "../../../gate/history/history.ts";
import { historyTitle, isWorse, latestText } from "../../../gate/history/history-words.ts";
import { loadKey } from "../../../gate/history/same-load.ts";
import { SEARCH } from "../../record/samples.ts";
import { writtenHistory } from "./written-history.ts";

const ROW = [50, 51, 49, 50, 52, 50];

test("a figure is told over its runs, with where the latest lies", () => {
  const { files } = writtenHistory([...ROW, 90].map((p95Ms) => ({ p95Ms })));
  const history = historyOf(files, SEARCH, "p95Ms");
  expect(history.points.map(({ value }) => value)).toEqual([...ROW, 90]);
  expect(historyTitle(history)).toBe("learn:tools/call:search, p95 in ms");
  expect(latestText(history)).toMatch(/^the latest, 90, is above its row: the 6 before it have a median of 50, and /);
  expect(isWorse(history)).toBe(true);
  expect(isWorse(historyOf(files.slice(0, -1), SEARCH, "p95Ms"))).toBe(false);
  const throughput = historyOf(files, null, "throughput");
  expect(throughput.points.map(({ value }) => value)).toEqual(files.map(() => 4));
  expect(throughput.latest?.told).toBe("in its row");
});

test("runs that were killed, or that measured their generator, do not count", () => {
  const generator = { ...writtenHistory([{}]).files[0]?.generator, eventLoopDelayP99Ms: { mean: 500, max: 900 } };
  const saturated = { ...generator, measures: undefined, seconds: 10 } as never;
  const { files } = writtenHistory([
    { p95Ms: 900, fields: { state: "running", endedAt: null } },
    { p95Ms: 900, fields: { generator: saturated } },
    ...ROW.map((p95Ms) => ({ p95Ms })),
    { p95Ms: 51 },
  ]);
  const { points, latest } = historyOf(files, SEARCH, "p95Ms");
  expect(points.slice(0, 3).map(({ leftOut }) => leftOut)).toEqual(["not complete", "generator saturated", null]);
  expect(latest).toMatchObject({ told: "in its row", before: 6 });
  const killed = historyOf(files.slice(0, 1), SEARCH, "p95Ms");
  expect([killed.latest, latestText(killed)]).toEqual([null, "the latest run does not count: not complete"]);
});

test("a name that a run lacks is a gap, whatever it is called", () => {
  const { files } = writtenHistory([{}]);
  for (const name of ["learn:tools/call:other", "constructor", "__proto__"]) {
    expect(historyOf(files, name, "p95Ms").points[0]).toMatchObject({ value: null, leftOut: "no such figure" });
  }
});

test("another load, another server or one further away is another row", () => {
  const [file] = writtenHistory([{}]).files;
  if (file === undefined) throw new Error("no run");
  const key = loadKey(file);
  expect(loadKey({ ...file, plan: { ...file.plan, runTime: "60s" } })).toBe(key);
  for (const plan of [{ users: 5 }, { locustfile: "b.py" }, { shape: "soak" }, { engines: 2 }]) {
    expect(loadKey({ ...file, plan: { ...file.plan, ...plan } })).not.toBe(key);
  }
  expect(loadKey({ ...file, servers: { learn: { targetClass: "public" } } })).not.toBe(key);
  expect(loadKey({ ...file, servers: { ...file.servers, more: {} } })).not.toBe(key);
});
