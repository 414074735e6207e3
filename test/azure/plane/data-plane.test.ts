import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DataPlane, dataPlane } from "../../../azure/plane/data-plane.ts";
import type { Limits } from "../../../azure/plane/limits.ts";
import {
  type Answer,
  type Asked,
  answered,
  azureError,
  fakeService,
  fault,
  serviceAt,
  silent,
  trustFakes,
} from "./plane-harness.ts";

beforeAll(trustFakes);
const folder = mkdtempSync(join(tmpdir(), "data-plane-"));
afterAll(() => rmSync(folder, { recursive: true }));

const planeWith = async (
  answers: readonly Answer[],
  { limits, onRequest }: { limits?: Partial<Limits>; onRequest?: Parameters<typeof fakeService>[1] } = {},
) => {
  const service = await fakeService(answers, onRequest);
  const learned: string[] = [];
  const plane = dataPlane(serviceAt(service.origin, limits === undefined ? {} : { limits }), (secret) =>
    learned.push(secret),
  );
  return { plane, asked: service.asked, learned, origin: service.origin };
};

/** `PATCH /tests/a?api-version=2026-04-01 application/merge-patch+json {"a":1}` */
const shown = ({ method, url, headers, body }: Asked): string =>
  [method, url.pathname + decodeURIComponent(url.search), headers["content-type"], body.toString()]
    .filter((part) => part)
    .join(" ");

const V = "api-version=2026-04-01";
const MERGE = "application/merge-patch+json";
const TEST = { testId: "nightly" };
const RUN = { testRunId: "20260101-run", testId: "nightly" };

describe("each call is the request that the specification has", () => {
  test.each<[string, (plane: DataPlane) => Promise<unknown>, Answer, string]>([
    ["test", (plane) => plane.test("nightly"), answered(200, TEST), `GET /tests/nightly?${V}`],
    [
      "patchTest",
      (plane) => plane.patchTest("nightly", { displayName: "N", description: null }),
      answered(201, TEST),
      `PATCH /tests/nightly?${V} ${MERGE} {"displayName":"N","description":null}`,
    ],
    ["deleteTest", (plane) => plane.deleteTest("nightly"), answered(204), `DELETE /tests/nightly?${V}`],
    ["files", (plane) => plane.files("nightly"), answered(200, { value: [] }), `GET /tests/nightly/files?${V}`],
    [
      "deleteFile",
      (plane) => plane.deleteFile("nightly", "a b.py"),
      answered(204),
      `DELETE /tests/nightly/files/a%20b.py?${V}`,
    ],
    [
      "appComponents",
      (plane) => plane.appComponents("nightly"),
      answered(200, { components: {} }),
      `GET /tests/nightly/app-components?${V}`,
    ],
    [
      "patchAppComponents",
      (plane) => plane.patchAppComponents("nightly", { components: { "/a": null } }),
      answered(200, {}),
      `PATCH /tests/nightly/app-components?${V} ${MERGE} {"components":{"/a":null}}`,
    ],
    [
      "serverMetrics",
      (plane) => plane.serverMetrics("nightly"),
      answered(200, { metrics: {} }),
      `GET /tests/nightly/server-metrics-config?${V}`,
    ],
    [
      "patchServerMetrics",
      (plane) => plane.patchServerMetrics("nightly", { metrics: { m: null } }),
      answered(200, {}),
      `PATCH /tests/nightly/server-metrics-config?${V} ${MERGE} {"metrics":{"m":null}}`,
    ],
    [
      "startRun",
      (plane) => plane.startRun("20260101-run", { testId: "nightly", displayName: "one" }),
      answered(201, RUN),
      `PATCH /test-runs/20260101-run?${V} ${MERGE} {"testId":"nightly","displayName":"one"}`,
    ],
    ["run", (plane) => plane.run("20260101-run"), answered(200, RUN), `GET /test-runs/20260101-run?${V}`],
    [
      "runs",
      (plane) => plane.runs("nightly", 20),
      answered(200, { value: [RUN] }),
      `GET /test-runs?testId=nightly&orderby=createdDateTime desc&maxpagesize=20&${V}`,
    ],
    ["stopRun", (plane) => plane.stopRun("20260101-run"), answered(200, RUN), `POST /test-runs/20260101-run:stop?${V}`],
    ["deleteRun", (plane) => plane.deleteRun("20260101-run"), answered(204), `DELETE /test-runs/20260101-run?${V}`],
    [
      "metrics",
      (plane) =>
        plane.metrics("20260101-run", {
          name: "VirtualUsers",
          namespace: "LoadTestRunMetrics",
          aggregation: "Average",
          interval: "PT5S",
          from: "2026-01-01T00:00:00Z",
          to: "2026-01-01T00:01:00Z",
        }),
      answered(200, { value: [] }),
      `POST /test-runs/20260101-run/metrics?metricname=VirtualUsers&metricNamespace=LoadTestRunMetrics&aggregation=Average&interval=PT5S&timespan=2026-01-01T00:00:00Z/2026-01-01T00:01:00Z&${V} application/json {"filters":[]}`,
    ],
  ])("%s", async (_name, call, answer, request) => {
    const { plane, asked } = await planeWith([answer]);
    await call(plane);
    expect(asked.map(shown)).toEqual([request]);
  });
});

test("what is not there is null where that is an answer, and nothing to do where it is to go", async () => {
  const { plane } = await planeWith([fault(404, "TestNotFound")]);
  expect(await plane.test("a1")).toBeNull();
  expect(await plane.run("a1")).toBeNull();
  expect(await plane.appComponents("a1")).toBeNull();
  expect(await plane.serverMetrics("a1")).toBeNull();
  await plane.deleteTest("a1");
  await plane.deleteRun("a1");
  await plane.deleteFile("a1", "a.py");
  expect((await azureError(plane.stopRun("a1"))).code).toBe("AZURE_NOT_FOUND");
  expect((await azureError(plane.files("a1"))).code).toBe("AZURE_NOT_FOUND");
});

describe("a test", () => {
  test("is taken as the service has it, unknown fields and nulls apart", async () => {
    const { plane } = await planeWith([
      answered(200, {
        ...TEST,
        kind: "JMX",
        description: null,
        newField: { a: 1 },
        secrets: { OLD: { type: "SECRET_VALUE" } },
        environmentVariables: { A: "1", GONE: null },
        passFailCriteria: {
          passFailMetrics: {
            g1: {
              clientMetric: "error",
              aggregate: "percentage",
              condition: ">",
              value: 5,
              action: "continue",
              result: "new",
            },
          },
        },
        inputArtifacts: {
          testScriptFileInfo: {
            fileName: "multi.py",
            fileType: "TEST_SCRIPT",
            url: "https://s.example/multi.py?sig=S",
            validationStatus: "VALIDATION_FAILURE",
            validationFailureDetails: "line 3:\u001b[31m no module\nhttps://s.example/x?sig=KEY",
          },
          userPropFileInfo: null,
          additionalFileInfo: [{ fileName: "_base.py", validationStatus: "QUEUED" }],
        },
      }),
    ]);
    expect(await plane.test("nightly")).toEqual({
      testId: "nightly",
      kind: "JMX",
      secrets: { OLD: { type: "SECRET_VALUE" } },
      environmentVariables: { A: "1" },
      passFailCriteria: {
        passFailMetrics: {
          g1: {
            clientMetric: "error",
            aggregate: "percentage",
            condition: ">",
            value: 5,
            action: "continue",
            result: "undetermined",
          },
        },
        passFailServerMetrics: {},
      },
      lastModifiedDateTime: null,
      files: [
        {
          fileName: "multi.py",
          fileType: "TEST_SCRIPT",
          validationStatus: "VALIDATION_FAILURE",
          validationFailureDetails: "line 3: no module https://s.example/x",
          link: "https://s.example/multi.py?sig=S",
        },
        { fileName: "_base.py", fileType: "", validationStatus: "QUEUED", validationFailureDetails: null },
      ],
    });
  });

  test("with a field of another type is refused by its name", async () => {
    const { plane } = await planeWith([
      answered(200, { ...TEST, passFailCriteria: { passFailMetrics: { g: { clientMetric: "error", value: "5" } } } }),
    ]);
    const { code, detail } = await azureError(plane.test("nightly"));
    expect(code).toBe("AZURE_INVALID");
    expect(detail.why).toMatch(/^passFailCriteria\.passFailMetrics\.g\.aggregate: /);
  });
});

describe("a run", () => {
  const row = {
    transaction: "Total",
    sampleCount: 10,
    errorCount: 1,
    errorPct: 10,
    meanResTime: 5,
    medianResTime: 4,
    minResTime: 1,
    maxResTime: 9,
    pct1ResTime: 6,
    pct2ResTime: 7,
    pct3ResTime: 8,
    throughput: 2,
  };
  const link = (name: string) => ({ fileName: name, url: `https://s.example/${name}?sv=1&sig=KEY%2B${name}` });

  test("in a state that nobody knows yet is a run, with the rest of what is known of it", async () => {
    const { plane, learned } = await planeWith([
      answered(200, {
        ...RUN,
        displayName: "one",
        status: "REWINDING",
        testResult: "MAYBE",
        virtualUsers: 7,
        portalUrl: "https://portal.azure.com/?feature=a#x",
        testRunStatistics: {
          Total: { ...row, receivedKBytesPerSec: null },
          "never called": { transaction: "n", sampleCount: null },
        },
        errorDetails: [{ code: "E1", message: "No\u0007engine" }],
        testArtifacts: {
          outputArtifacts: {
            resultFileInfo: link("results.zip"),
            logsFileInfo: { fileName: "logs.zip" },
            artifactsContainerInfo: { url: "https://s.example/c?sig=CKEY", expireDateTime: "2026-01-01T01:00:00Z" },
          },
        },
      }),
    ]);
    expect(await plane.run("20260101-run")).toEqual({
      ...RUN,
      displayName: "one",
      status: "REWINDING",
      testResult: null,
      passFailCriteria: null,
      startDateTime: null,
      endDateTime: null,
      executionStartDateTime: null,
      executionEndDateTime: null,
      virtualUsers: 7,
      virtualUserHours: null,
      portalUrl: "https://portal.azure.com/?feature=a#x",
      statistics: { Total: row },
      errors: [{ code: "E1", message: "No engine" }],
      artifacts: {
        results: { ...link("results.zip"), expireDateTime: null },
        logs: null,
        report: null,
        container: { url: "https://s.example/c?sig=CKEY", expireDateTime: "2026-01-01T01:00:00Z" },
      },
    });
    expect(learned).toEqual(["KEY+results.zip", "CKEY"]);
  });

  test.each([
    ["javascript:alert(1)", null],
    ["nowhere", null],
    ["https://portal.azure.com/\u001b[2J#x", "https://portal.azure.com/%1B[2J#x"],
  ])("shows a link to the portal only when it is one: %j", async (portalUrl, shownUrl) => {
    const { plane } = await planeWith([answered(200, { ...RUN, portalUrl })]);
    expect((await plane.run("20260101-run"))?.portalUrl).toBe(shownUrl);
  });

  test("keeps the names of what was measured, query and all, without what would repaint a terminal", async () => {
    const { plane } = await planeWith([
      answered(200, { ...RUN, testRunStatistics: { "GET https://x/a?b=1\u0007": { ...row, transaction: "a?b" } } }),
    ]);
    expect(Object.keys((await plane.run("20260101-run"))?.statistics ?? {})).toEqual(["GET https://x/a?b=1 "]);
  });

  test.each(["../../etc", "a/b", "A", "", "x".repeat(51)])(
    "is refused when its id is no name of a folder: %j",
    async (id) => {
      const { plane } = await planeWith([answered(200, { value: [{ ...RUN, testRunId: id }] })]);
      const { code, detail } = await azureError(plane.runs("nightly", 5));
      expect([code, detail.why]).toEqual(["AZURE_INVALID", "value.0.testRunId: is no id of a run or a test"]);
    },
  );

  test("has metrics as rows of points; a moment without a value is none", async () => {
    const { plane } = await planeWith([
      answered(200, {
        value: [
          {
            data: [
              { timestamp: "2026-01-01T00:00:00Z", value: 1.5 },
              { timestamp: "2026-01-01T00:00:05Z", value: null },
            ],
            dimensionValues: [{ name: "RequestName", value: "a:b" }],
          },
        ],
      }),
    ]);
    const query = { name: "n", namespace: "s", aggregation: "a", interval: "PT5S", from: "f", to: "t" } as const;
    expect(await plane.metrics("r1", query)).toEqual([
      { dimensions: { RequestName: "a:b" }, points: [{ at: "2026-01-01T00:00:00Z", value: 1.5 }] },
    ]);
  });
});

describe("an upload", () => {
  const bytes = 3 * 1024 * 1024;
  const content = Buffer.alloc(bytes, "0123456789");
  const path = join(folder, "multi.py");
  beforeAll(() => writeFileSync(path, content));
  const file = { name: "multi.py", kind: "TEST_SCRIPT", bytes, path };
  const taken = answered(201, {
    fileName: "multi.py",
    fileType: "TEST_SCRIPT",
    validationStatus: "VALIDATION_INITIATED",
  });

  test("is the file's bytes, with their number, and tells its progress", async () => {
    const { plane, asked } = await planeWith([taken]);
    const progress: number[] = [];
    const sent = await plane.putFile("nightly", file, (count) => progress.push(count));
    expect(sent.validationStatus).toBe("VALIDATION_INITIATED");
    const [request] = asked;
    expect(`${request?.method} ${request?.url.pathname}${request?.url.search}`).toBe(
      `PUT /tests/nightly/files/multi.py?fileType=TEST_SCRIPT&${V}`,
    );
    expect(request?.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": `${bytes}`,
    });
    expect(request?.headers["transfer-encoding"]).toBeUndefined();
    expect(request?.body.equals(content)).toBe(true);
    expect(progress.at(-1)).toBe(bytes);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  test("that is cut in the middle begins again and arrives whole", async () => {
    const { plane, asked } = await planeWith([taken], {
      onRequest: (request, _response, nth) => {
        if (nth > 2) return false;
        let got = 0;
        request.on("data", (chunk: Buffer) => {
          got += chunk.length;
          if (got > bytes / 2) request.socket.destroy();
        });
        return true;
      },
    });
    const progress: number[] = [];
    await plane.putFile("nightly", file, (count) => progress.push(count));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.body.equals(content)).toBe(true);
    expect(progress.filter((count, index) => count < (progress[index - 1] ?? 0))).toHaveLength(2);
  });

  test("that is answered early with a refusal is told, and not sent on", async () => {
    const { plane } = await planeWith([], {
      onRequest: (request, response) => {
        fault(413, "FileTooLarge", "At most 50 MB.")(response, request);
        return true;
      },
    });
    const { code, detail } = await azureError(plane.putFile("nightly", file, () => undefined));
    expect([code, detail.place, detail.why]).toEqual([
      "AZURE_REFUSED",
      "multi.py",
      "HTTP 413 FileTooLarge: At most 50 MB.",
    ]);
  });

  test("of which no byte moves is given up", async () => {
    const { plane } = await planeWith([silent], {
      limits: { stallMs: 50, transferMs: 0 },
      onRequest: (request) => request.pause() === request,
    });
    const { code, detail } = await azureError(plane.putFile("nightly", file, () => undefined));
    expect([code, detail.why]).toEqual(["AZURE_UNREACHABLE", "no byte for 0.05 s"]);
  });

  test("of an empty file is empty", async () => {
    const empty = join(folder, "empty.py");
    closeSync(openSync(empty, "w"));
    const { plane, asked } = await planeWith([taken]);
    await plane.putFile("nightly", { ...file, bytes: 0, path: empty }, () => undefined);
    expect(asked[0]?.headers["content-length"]).toBe("0");
    expect(asked[0]?.body).toHaveLength(0);
  });

  test("of another file than was meant is not sent", async () => {
    const other = join(folder, "other.py");
    writeFileSync(other, content);
    truncateSync(other, 10);
    const { plane, asked } = await planeWith([taken]);
    const grown = await azureError(plane.putFile("nightly", { ...file, path: other }, () => undefined));
    expect([grown.code, grown.detail]).toEqual([
      "AZURE_FILE",
      { place: "multi.py", why: `it has changed: 10 bytes, not ${bytes}` },
    ]);
    const gone = await azureError(plane.putFile("nightly", { ...file, path: join(folder, "gone") }, () => undefined));
    expect([gone.code, gone.detail.why]).toEqual(["AZURE_FILE", "ENOENT"]);
    expect(asked).toHaveLength(0);
  });

  test("of a file that becomes shorter meanwhile is ended", async () => {
    const shrinking = join(folder, "shrinking.py");
    // More than the buffers between here and there hold.
    const many = 64 * 1024 * 1024;
    writeFileSync(shrinking, "");
    truncateSync(shrinking, many);
    const { plane } = await planeWith([], {
      onRequest: (request) => {
        request.pause();
        truncateSync(shrinking, 10);
        setImmediate(() => request.resume());
        return true;
      },
    });
    const { code } = await azureError(
      plane.putFile("nightly", { ...file, bytes: many, path: shrinking }, () => undefined),
    );
    expect(code).toBe("AZURE_FILE");
  });
});
