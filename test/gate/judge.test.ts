import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge } from "../../gate/judge.ts";
import type { AzureOutcome } from "../../record/azure-outcome.ts";
import type { EngineOrigin, Origin } from "../../record/origin.ts";
import { readRun } from "../../record/read-run.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName, turnName } from "../../record/section.ts";
import { gauges, SEARCH, sample } from "../record/samples.ts";
import { criteria, criterion } from "./criteria.ts";
import { resultsFolder, withHead, writeRecord } from "./written-record.ts";

const many = (count: number, fields: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, () => sample(fields));

const written = (samples: readonly Sample[], options: Parameters<typeof writeRecord>[2] = {}) =>
  writeRecord(resultsFolder(), samples, options);

const HEALTHY = [...many(95), ...many(5, { outcome: "tool-error" })];

test("a run is PASSED when no criterion is broken, and FAILED when one is", () => {
  const record = written(HEALTHY);
  expect(judge(record, criteria("percentage(error) > 5", "p95(response_time_ms) > 100")).result).toBe("PASSED");
  const failed = judge(record, criteria("percentage(error) > 4", "p95(response_time_ms) > 100"));
  expect(failed.result).toBe("FAILED");
  expect(failed.rows.map(({ status, actualValue }) => [status, actualValue])).toEqual([
    ["failed", 5],
    ["passed", 20],
  ]);
  expect(failed.run).toEqual({
    id: "20260301-100000-demo",
    startedAt: "2026-03-01T10:00:00.250Z",
    endedAt: "2026-03-01T10:00:10.250Z",
    endReason: "run time reached",
    seconds: 10,
    operations: 100,
    failures: 5,
  });
});

test("a criterion is broken exactly as it is written", () => {
  const record = written(HEALTHY);
  const statusOf = (text: string) => judge(record, criteria(text)).rows[0]?.status;
  expect(statusOf("count(requests) > 100")).toBe("passed");
  expect(statusOf("count(requests) >= 100")).toBe("failed");
  expect(statusOf("count(requests) < 100")).toBe("passed");
  expect(statusOf("count(requests) <= 100")).toBe("failed");
  expect(statusOf("avg(requests_per_sec) < 10")).toBe("passed");
  expect(statusOf("avg(requests_per_sec) <= 10")).toBe("failed");
});

test("times are of all outcomes, and percentiles of several names are of their merged histogram", () => {
  const record = written([
    ...many(50, { serviceMs: 10 }),
    ...many(50, { name: "learn:ping", serviceMs: 90, outcome: "timeout" }),
  ]);
  const { rows } = judge(
    record,
    criteria("p50(response_time_ms) > 1", "p75(response_time_ms) > 1", "avg(response_time_ms) > 1"),
  );
  expect(rows.map(({ actualValue }) => Math.round(actualValue ?? 0))).toEqual([10, 90, 50]);
});

test("a name is judged alone, and what auth did is among no operations", () => {
  const record = written([
    ...many(9),
    ...many(1, { name: "learn:ping", serviceMs: 500 }),
    ...many(40, { name: "learn:auth/token", serviceMs: 9000 }),
  ]);
  const { rows } = judge(
    record,
    criteria(
      "learn:ping: max(response_time_ms) > 400",
      `${SEARCH}: max(response_time_ms) > 400`,
      "count(requests) > 10",
      "max(response_time_ms) > 500",
    ),
  );
  expect(rows.map(({ status }) => status)).toEqual(["failed", "passed", "passed", "passed"]);
});

test("without criteria the profile smoke judges, and it is said", () => {
  const verdict = judge(written(many(10, { outcome: "timeout" })), criteria());
  expect(verdict).toMatchObject({ result: "FAILED", profile: "smoke" });
  expect(verdict.notes[0]).toContain("by the profile smoke");
});

describe("INVALID", () => {
  test("is a run without any operation", () => {
    const verdict = judge(written([]), criteria("percentage(error) > 1", "p95(response_time_ms) > 1"));
    expect(verdict).toMatchObject({ result: "INVALID", invalid: ["there was no operation at all"] });
  });

  test("is a record that is not complete, whatever stands in it so far", () => {
    const verdict = judge(
      written(many(10, { outcome: "timeout" }), { endReason: null }),
      criteria("percentage(error) > 1"),
    );
    expect(verdict.result).toBe("INVALID");
    expect(verdict.invalid).toEqual([expect.stringContaining("the record is not complete")]);
  });

  test("is a criterion on a name that nothing has; a similar name is suggested", () => {
    const verdict = judge(written(many(10)), criteria("learn:tools/call:serch: p95(response_time_ms) > 1"));
    expect(verdict.result).toBe("INVALID");
    expect(verdict.invalid[0]).toContain(`no operation of this name; did you mean ${SEARCH}?`);
  });

  test("is a criterion on times where none were taken", () => {
    const verdict = judge(
      written(many(10, { outcome: "connect", serviceMs: undefined })),
      criteria("p95(response_time_ms) > 1"),
    );
    expect(verdict.invalid).toEqual(["p95(response_time_ms) > 1: no times were taken"]);
  });

  test("is a criterion on times of which a part is gone from the disk; counts still judge", () => {
    const { dir } = written(many(10));
    truncateSync(join(dir, "latency.hlog"), 300);
    const record = readRun(dir);
    const verdict = judge(record, criteria("p95(response_time_ms) > 1"));
    expect(verdict.invalid[0]).toMatch(/only \d of 10 times can be read/);
    expect(verdict.notes.join()).toContain("the record is damaged: latency.hlog is cut");
    expect(judge(record, criteria("percentage(error) > 1")).result).toBe("PASSED");
  });

  test("a criterion that is broken outweighs one that is undetermined", () => {
    expect(judge(written(HEALTHY), criteria("percentage(error) > 1", "learn:never: count(requests) < 1")).result).toBe(
      "FAILED",
    );
  });
});

describe("under an arrival rate", () => {
  const starts = (server: string, planned: number, dropped: number): Sample[] => [
    ...many(planned - dropped, { name: arrivalName(server, "Slow"), serviceMs: 3, responseMs: 3 }),
    ...many(dropped, {
      name: arrivalName(server, "Slow"),
      outcome: "dropped",
      serviceMs: undefined,
      responseMs: undefined,
    }),
  ];
  const QUEUED = many(100, { serviceMs: 100, responseMs: 1100 });

  test("times count from the planned start, as Locust's and Azure's do: the queue is not left out", () => {
    const record = written([...starts("learn", 100, 0), ...QUEUED]);
    const verdict = judge(record, criteria("p99(response_time_ms) > 500", `${SEARCH}: avg(response_time_ms) > 1100`));
    expect(verdict.result).toBe("FAILED");
    expect(verdict.rows.map(({ status, actualValue }) => [status, Math.round(actualValue ?? 0)])).toEqual([
      ["failed", 1100],
      ["passed", 1100],
    ]);
    expect(verdict.notes).toContain(
      "times of learn count from the planned start, as Locust's do under an arrival rate",
    );
  });

  test("servers whose users pace themselves keep their service times, in the total as well", () => {
    const record = written([
      ...starts("learn", 100, 0),
      ...QUEUED,
      ...many(300, { name: "github:ping", serviceMs: 7, responseMs: 9000 }),
    ]);
    const { rows } = judge(record, criteria("github:ping: max(response_time_ms) > 7", "avg(response_time_ms) > 281"));
    expect(rows.map(({ actualValue }) => actualValue)).toEqual([7, (300 * 7 + 100 * 1100) / 400]);
  });

  test("a run that lost much of its planned starts is INVALID, and a broken criterion still fails it", () => {
    const record = written([...starts("learn", 291, 184), ...many(107)]);
    const verdict = judge(record, criteria("percentage(error) > 1"));
    expect(verdict.result).toBe("INVALID");
    expect(verdict.invalid).toEqual([
      "the planned load was not reached: learn:arrival:Slow: 184 of 291 planned starts (63%) found no free user and were " +
        "dropped; the times are those of the starts that began: more users (-u), or a lower rate",
    ]);
    expect(judge(record, criteria("p95(response_time_ms) > 1")).result).toBe("FAILED");
  });

  test("an arrival and a turn are asked for by name, and are in no total", () => {
    const turns = [
      ...many(1, { name: turnName("learn", "research"), outcome: "timeout", serviceMs: 40, responseMs: 90 }),
      ...many(3, { name: turnName("learn", "research"), serviceMs: 40, responseMs: 90 }),
    ];
    const record = written([...starts("learn", 100, 1), ...many(99), ...turns]);
    const { rows, result } = judge(
      record,
      criteria(
        "learn:arrival:Slow: percentage(error) > 1",
        "learn:arrival:Slow: max(response_time_ms) > 3",
        "learn:turn:research: percentage(error) > 25",
        "learn:turn:research: max(response_time_ms) > 90",
        "count(requests) > 99",
        "percentage(error) > 0",
      ),
    );
    expect(rows.map(({ actualValue }) => actualValue)).toEqual([1, 3, 25, 90, 99, 0]);
    expect(result).toBe("PASSED");
  });

  test("a misspelt turn is told what it was meant to be", () => {
    const record = written([...many(9), ...many(1, { name: turnName("learn", "research") })]);
    expect(judge(record, criteria("learn:turn:reserch: count(requests) < 1")).invalid).toEqual([
      "learn:turn:reserch: count(requests) < 1: no turn of this name; did you mean learn:turn:research?",
    ]);
  });
});

describe("a saturated generator", () => {
  const readings = Array.from({ length: 5 }, () => gauges({ locustCpu: 0.97 }));

  test("fails nothing by its times and rates, and passes nothing", () => {
    const record = written(many(100, { serviceMs: 900 }), { readings });
    const broken = judge(record, criteria("p95(response_time_ms) > 500", "avg(requests_per_sec) < 50"));
    expect(broken.result).toBe("INVALID");
    expect(broken.rows.map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(broken.invalid[0]).toMatch(
      /^the generator was saturated: Locust used 90% or more of its core in 5 of 5 seconds/,
    );
    expect(judge(record, criteria("p95(response_time_ms) > 5000")).result).toBe("INVALID");
  });

  test("still fails a run whose answers were errors", () => {
    const verdict = judge(written(HEALTHY, { readings }), criteria("percentage(error) > 1"));
    expect(verdict.result).toBe("FAILED");
    expect(verdict.invalid).toHaveLength(1);
  });

  test("that was only strained is told in a note, and judged", () => {
    const strained = Array.from({ length: 5 }, () => gauges({ locustCpu: 0.85 }));
    const verdict = judge(written(HEALTHY, { readings: strained }), criteria("percentage(error) > 50"));
    expect([verdict.result, verdict.generator.level, verdict.invalid]).toEqual(["PASSED", "strained", []]);
    expect(verdict.notes).toEqual([expect.stringMatching(/^the generator was strained: Locust used 80% or more/)]);
  });

  test("that nobody measured is only mentioned", () => {
    const verdict = judge(written(HEALTHY, { readings: [] }), criteria("percentage(error) > 50"));
    expect(verdict.result).toBe("PASSED");
    expect(verdict.notes).toEqual(["nobody measured whether the generator was saturated"]);
  });
});

test.each([
  "auto-stop: 95% of 40 operations failed within 60 s",
  "run time reached; auto-stop: 95% of 40 operations failed within 60 s",
])("a run that ended by %s is FAILED, with a row that says so", (endReason) => {
  const verdict = judge(written(many(10), { endReason }), criteria("percentage(error) > 50"));
  expect(verdict.result).toBe("FAILED");
  expect(verdict.rows.at(-1)).toMatchObject({
    kind: "auto-stop",
    status: "failed",
    remark: "95% of 40 operations failed within 60 s",
  });
});

test("how many failures were cut off is mentioned", () => {
  const verdict = judge(
    written([...many(9), ...many(1, { outcome: "cancelled" })]),
    criteria("percentage(error) > 50"),
  );
  expect(verdict.notes[0]).toMatch(/^1 of the failures were cut off/);
});

test("operations that a lost bridge left without times are mentioned", () => {
  const record = written(many(10));
  const gap = { at: "2026-03-01T10:00:05.000Z", cause: "bridge-lost" as const, lostLatencies: 3 };
  expect(judge(withHead(record, { gaps: [gap] }), criteria("percentage(error) > 50")).notes[0]).toContain(
    "3 operations",
  );
});

describe("beside Azure's verdict", () => {
  const asked = { ...criteria(), client: [criterion("p95(response_time_ms) > 100", false)] };
  const p95 = {
    aggregate: "p95",
    metric: "response_time_ms",
    condition: ">",
    value: 100,
    request: null,
    actualValue: 30,
    result: "passed",
  } as const;
  const cpu = {
    resourceId: "/subscriptions/1/resourceGroups/g/providers/Microsoft.App/containerApps/mcp-app",
    metricNamespace: "Microsoft.App/containerApps",
    metricName: "CpuPercentage",
    aggregation: "Average",
    condition: "GreaterThan",
    value: 80,
  } as const;

  const engine = (fields: Partial<EngineOrigin> = {}): EngineOrigin => ({
    engine: "engine-1",
    source: "rows",
    file: "engine1_results.csv",
    rows: 10,
    brokenRows: 0,
    movedRows: 0,
    operations: null,
    difference: 0,
    ...fields,
  });
  const atAzure = (outcome: Partial<AzureOutcome>, fields: Partial<Origin> = {}) =>
    withHead(written(many(10)), {
      origin: {
        kind: "azure",
        testRunId: "20260301-100000-demo",
        testId: "nightly",
        engineCount: 1,
        clocks: "unchecked",
        engines: [engine()],
        unused: [],
        outcome: { state: "DONE", result: "PASSED", client: [], server: [], ...outcome },
        ...fields,
      },
    });

  test("its own value stands beside ours", () => {
    const verdict = judge(atAzure({ client: [p95] }), asked);
    expect(verdict.result).toBe("PASSED");
    expect(verdict.rows[0]).toMatchObject({
      actualValue: 20,
      azure: { actualValue: 30, status: "passed" },
      remark: null,
    });
  });

  test("what Azure calls FAILED is FAILED, by the criterion that it names", () => {
    const client = [{ ...p95, actualValue: 130, result: "failed" as const }];
    const verdict = judge(atAzure({ result: "FAILED", client }), asked);
    expect(verdict.result).toBe("FAILED");
    expect(verdict.rows).toEqual([expect.objectContaining({ status: "failed", remark: "passed by our own times" })]);
  });

  test("what Azure calls FAILED and no criterion explains has a row of its own", () => {
    expect(judge(atAzure({ result: "FAILED" }), asked)).toMatchObject({
      result: "FAILED",
      rows: [{ status: "passed" }, { kind: "azure", status: "failed" }],
    });
  });

  test.each([
    ["failed", "FAILED"],
    ["undetermined", "INVALID"],
    ["passed", "PASSED"],
  ] as const)("a server criterion that %s there makes the run %s", (result, expected) => {
    const verdict = judge(atAzure({ server: [{ ...cpu, actualValue: 91, result }] }), asked);
    expect(verdict.result).toBe(expected);
    expect(verdict.rows[1]).toMatchObject({ kind: "server", criterion: "Average(CpuPercentage) > 80 of mcp-app" });
  });

  test("Azure may not have heard of a broken local criterion, and the run is FAILED", () => {
    const verdict = judge(atAzure({}), criteria("p95(response_time_ms) > 19.5"));
    expect(verdict).toMatchObject({ result: "FAILED", rows: [{ isLocal: true, azure: null, status: "failed" }] });
  });

  test("a local run says that server criteria were not judged", () => {
    const verdict = judge(written(many(10)), { ...asked, server: [cpu] });
    expect(verdict.result).toBe("PASSED");
    expect(verdict.notes[0]).toContain("1 criteria on metrics of Azure resources");
  });

  test("turns stand in no row of the service, and the sentence says so", () => {
    expect(judge(atAzure({}), criteria("learn:turn:research: count(requests) < 1")).invalid[0]).toContain(
      "no turn in the service's rows",
    );
  });

  test("a server criterion that Azure has not judged makes the run INVALID; its names may be spelled otherwise there", () => {
    const configured = { ...asked, server: [cpu] };
    const verdict = judge(atAzure({}), configured);
    expect(verdict).toMatchObject({ result: "INVALID", rows: [{}, { kind: "server", status: "undetermined" }] });
    expect(verdict.invalid[0]).toContain("> 80 of mcp-app: Azure has not judged it");
    const other = { ...cpu, value: 70, actualValue: 12, result: "passed" as const };
    expect(judge(atAzure({ server: [other] }), configured).result).toBe("INVALID");
    const spelled = { ...other, value: 80, resourceId: cpu.resourceId.toUpperCase() };
    expect(judge(atAzure({ server: [spelled] }), configured).result).toBe("PASSED");
  });

  test.each(["FAILED", "CANCELLED", "VALIDATION_FAILURE"])("a run that ended as %s is INVALID", (state) => {
    const broken = { ...criteria("p95(response_time_ms) > 1"), server: [] };
    for (const each of [asked, broken]) {
      const verdict = judge(atAzure({ state }), each);
      expect(verdict.result).toBe("INVALID");
      expect(verdict.invalid[0]).toContain(`Azure ended the run as ${state}`);
    }
    expect(judge(atAzure({ state, result: "FAILED" }), asked).result).toBe("FAILED");
  });

  test("a run whose end nobody has asked Azure for is INVALID", () => {
    const verdict = judge(atAzure({}, { outcome: undefined }), asked);
    expect(verdict).toMatchObject({ result: "INVALID", invalid: [expect.stringContaining("azure status 2026")] });
  });

  test.each([
    ["an engine", { engineCount: 2 }, "1 of 2 engines left no results"],
    ["what only an unused record has", { uncounted: ["the record in x has more"] }, "the record in x has more"],
    [
      "more than 1 % of an engine's rows",
      { engines: [engine({ rows: 978, brokenRows: 22 })] },
      "22 of 1,000 rows of engine-1 cannot be read",
    ],
  ])("a run that lacks %s is INVALID", (_, fields, sentence) => {
    expect(judge(atAzure({}, fields), asked)).toMatchObject({ result: "INVALID", invalid: [sentence] });
  });

  test("a cut last row, or broken rows that nothing was read from, fail nothing", () => {
    for (const fields of [
      { rows: 3, brokenRows: 1 },
      { rows: 995, brokenRows: 5 },
      { source: "histograms" as const, rows: 10, brokenRows: 90 },
    ]) {
      expect(judge(atAzure({}, { engines: [engine(fields)] }), asked).result).toBe("PASSED");
    }
  });
});
