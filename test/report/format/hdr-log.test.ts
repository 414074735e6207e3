import { join } from "node:path";
import { expect, test } from "vitest";
import { judge } from "../../../gate/judge.ts";
import { Batch, NameList } from "../../../record/batch.ts";
import { parseLine } from "../../../record/latency-log.ts";
import { readRun } from "../../../record/read-run.ts";
import type { Outcome } from "../../../record/reason.ts";
import { RecordKeeper } from "../../../record/record-keeper.ts";
import type { Sample } from "../../../record/sample.ts";
import { Times } from "../../../record/times.ts";
import type { ExportedRun, SeriesFilter } from "../../../report/format/exported-run.ts";
import { hdrLog } from "../../../report/format/hdr-log.ts";
import { resultsFolder } from "../../gate/written-record.ts";
import { identity, SEARCH, STARTED_AT, sample } from "../../record/samples.ts";

const EVERYTHING: SeriesFilter = { names: [], outcomes: [], kinds: [] };

/** A run in which calls of the first two seconds are on disk when a test judges some of them to be failures. */
const judgedLate = (): ExportedRun => {
  const dir = join(resultsFolder(), "a-run");
  const keeper = new RecordKeeper({
    ...{ identity: identity(), dir, tally: null, cause: "bridge-lost" as const },
    onWarning: () => undefined,
    now: () => Date.parse(STARTED_AT) + 5_000,
  });
  const names = new NameList();
  let sent = 0;
  const take = (nowMs: number, entries: readonly (readonly [Sample, Outcome | null])[]): void => {
    const batch = new Batch();
    for (const [each, to] of entries) batch.append(each, names.indexOf(each.name), to);
    const fresh = names.names.slice(sent);
    sent = names.names.length;
    const rest = { late: new Float64Array(), hidden: [], failures: [], facts: [], gauges: null };
    keeper.take({ op: "batch", nowMs, names: fresh, numbers: batch.take(), ...rest });
    keeper.flush();
  };
  const first = [10, 20, 30].map((serviceMs) => sample({ serviceMs, endMs: 500 }));
  const second = [20, 40].map((serviceMs) => sample({ serviceMs, endMs: 1_500 }));
  take(
    600,
    first.map((each) => [each, null]),
  );
  take(
    1_600,
    second.map((each) => [each, null]),
  );
  take(
    3_600,
    [...first.slice(1, 2), ...second].map((each) => [each, "assertion"]),
  );
  take(4_000, [[sample({ name: "learn:initialize", endMs: 3_900 }), null]]);
  keeper.stop("run time reached", null);
  const record = readRun(dir);
  return { record, verdict: judge(record, { profile: null, client: [], server: [] }) };
};

const linesOf = (run: ExportedRun, filter: SeriesFilter): string[] =>
  [...hdrLog(run, filter)]
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("Tag="));

test("times that got another outcome later stand under that one alone, and no line has to be taken back", () => {
  const run = judgedLate();
  const lines = linesOf(run, EVERYTHING);
  expect(lines.filter((line) => line.includes(";moved"))).toEqual([]);
  const sums: Record<string, Times> = {};
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed === null || !("name" in parsed.series) || parsed.series.kind !== "service") continue;
    const key = `${parsed.series.name} ${parsed.series.outcome}`;
    sums[key] ??= new Times();
    sums[key].add(parsed.times);
  }
  const held = Object.fromEntries(
    Object.entries(sums).map(([key, times]) => [
      key,
      times.buckets().map(([us, count]) => [Math.round(us / 1000), count]),
    ]),
  );
  expect(held).toEqual({
    [`${SEARCH} ok`]: [
      [10, 1],
      [30, 1],
    ],
    [`${SEARCH} assertion`]: [
      [20, 2],
      [40, 1],
    ],
    "learn:initialize ok": [[20, 1]],
  });
});

test("only the series that are asked for are there, the harness's delay only among everything", () => {
  const run = judgedLate();
  const wanted = linesOf(run, { names: [SEARCH], outcomes: ["ok"], kinds: ["service"] });
  expect(new Set(wanted.map((line) => line.split(",")[0]))).toEqual(new Set([`Tag=${SEARCH};ok;service`]));
  expect(linesOf(run, { names: ["absent"], outcomes: [], kinds: [] })).toEqual([]);
});
