import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { TelemetrySettings } from "../../../config/telemetry-settings.ts";
import { otlpCollector } from "../../fakes/otlp-collector.ts";
import { SECRET, telemetry, tracedRun } from "./traced-run.ts";

const run = (settings: TelemetrySettings | undefined, note?: string) => {
  const results = mkdtempSync(join(tmpdir(), "telemetry-"));
  onTestFinished(() => rmSync(results, { recursive: true }));
  return tracedRun(settings, results, note);
};

const collecting = async (behaviour: number | "hang" = 200) => {
  const collector = await otlpCollector(behaviour);
  onTestFinished(() => collector.close());
  return collector;
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

test("the ids that a server is sent are those of the span that is exported, and good quick calls are none", async () => {
  const { endpoint, received, faults } = await collecting();
  const headers = { authorization: "Bearer of-the-collector" };
  const { requests, notes } = await run(telemetry({ endpoint, headers, traceContext: true }));
  const calls = requests.filter(({ rpc }) => rpc.method === "tools/call");
  const ids = calls.map((request) => TRACEPARENT.exec(request.headers.traceparent ?? "")?.slice(1) ?? []);
  expect(ids.flat()).toHaveLength(6);
  for (const { rpc, headers: sent } of calls) expect(rpc.params).toHaveProperty("_meta.traceparent", sent.traceparent);
  expect(new Set(ids.map(([trace]) => trace)).size).toBe(3);
  // Its handshake and its end as well, by their header.
  expect(requests[0]?.headers.traceparent).toMatch(TRACEPARENT);
  expect(requests.find(({ method }) => method === "DELETE")?.headers.traceparent).toMatch(TRACEPARENT);
  const traces = Buffer.concat(received.filter(({ signal }) => signal === "traces").map(({ body }) => body));
  const isExported = (hex: string) => traces.includes(Buffer.from(hex, "hex"));
  expect(ids.map(([trace = "", span = ""]) => [isExported(trace), isExported(span)])).toEqual([
    [false, false],
    [true, true],
    [true, true],
  ]);
  expect(traces.includes(SECRET)).toBe(false);
  expect(traces.includes("no, [redacted]")).toBe(true);
  expect(traces.includes("tool_error")).toBe(true);
  expect(received.every((each) => each.headers.authorization === headers.authorization)).toBe(true);
  expect(received.some(({ signal }) => signal === "metrics")).toBe(true);
  expect([faults, notes]).toEqual([[], []]);
});

test("without the key nothing is sent to a server that it did not get before, and why is said", async () => {
  const { requests, notes } = await run(undefined, "variables have no effect");
  expect(notes).toEqual(["variables have no effect"]);
  expect(requests.filter(({ headers }) => "traceparent" in headers)).toEqual([]);
  expect(JSON.stringify(requests)).not.toContain("_meta");
});

test("a collector that refuses is told, without the credentials, and the record is complete", async () => {
  const { endpoint, received } = await collecting(401);
  const { notes, dir } = await run(telemetry({ endpoint, headers: { authorization: "Bearer of-the-collector" } }));
  expect(received.length).toBeGreaterThan(0);
  expect(notes).toEqual([
    expect.stringContaining("did not take the run's last figures (HTTP 401)"),
    expect.stringMatching(/not sent as traces: 2; the collector did not take them$/),
  ]);
  expect(notes.join("\n")).not.toContain("of-the-collector");
  expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toMatchObject({
    state: "complete",
    operations: { "a:tools/call:quick": { count: 1 }, "a:tools/call:slow": { count: 1 } },
  });
});

test("a collector that never answers holds the end of the run up for its limit and no longer", async () => {
  const { endpoint } = await collecting("hang");
  const { stopMs, dir, notes } = await run(telemetry({ endpoint }));
  expect(stopMs).toBeGreaterThan(1_900);
  expect(notes).toEqual([
    expect.stringContaining("did not take the run's last figures (no answer in time)"),
    expect.stringContaining("not sent as traces: 2; the collector did not take them"),
  ]);
  expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toMatchObject({ state: "complete" });
});
