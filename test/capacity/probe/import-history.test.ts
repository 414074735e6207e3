import { describe, expect, test } from "vitest";
import { importHistory, MOST_IMPORTED } from "../../../capacity/probe/import-history.ts";
import { START_MS } from "./probes.ts";

const OK = { atMs: START_MS, isOk: true, isImported: true, initializeMs: 41.5 };
const FAILED = { atMs: START_MS + 60_000, isOk: false, isImported: true, reason: "timeout" };

describe("the same two probes", () => {
  test.each([
    ["CSV", "timestamp,latency_ms,status,error\n2026-03-01T10:00:00Z,41.5,up,\n2026-03-01T10:01:00Z,,down,timeout\n"],
    [
      "CSV with semicolons, quotes and CRLF",
      '"Checked At";"Initialize (ms)";"OK";"Error"\r\n"2026-03-01 10:00:00";"41.5";"true";""\r\n"2026-03-01 10:01:00";"";"false";"timeout"\r\n',
    ],
    [
      "CSV in seconds since 1970",
      `time,latency_seconds,success,reason\n${START_MS / 1000},0.0415,1,\n${START_MS / 1000 + 60},,0,timeout`,
    ],
    [
      "CSV behind a byte order mark",
      "\ufefftimestamp\tms\tstatus code\terror\n2026-03-01T11:00:00+01:00\t41.5\t200\t\n2026-03-01T10:01Z\t9000\t503\ttimeout\n",
    ],
    [
      "a JSON array",
      `[{"timestamp":${START_MS},"latency":41.5,"ok":true},{"timestamp":"2026-03-01T10:01:00.000Z","ok":false,"error":"timeout"}]`,
    ],
    [
      "a list in a JSON object",
      '{"server":"learn","history":[{"time":"2026-03-01T10:00:00Z","responseTimeMs":"41.5 ms","result":"OK"},{"time":"2026-03-01T10:01:00Z","result":"FAIL","message":"timeout"}]}',
    ],
    [
      "JSON lines",
      '{"at":"2026-03-01T10:00:00Z","ok":true,"initializeMs":41.5}\n\n{"at":"2026-03-01T10:01:00Z","ok":false,"reason":"timeout"}\n',
    ],
  ])("are read from %s", (_form, text) => {
    expect(importHistory(text)).toEqual({ probes: [OK, FAILED] });
  });
});

test("without a column for the result, a latency is a good end, and none is a failure", () => {
  expect(importHistory("time,ms\n2026-03-01T10:00:00Z,41.5\n2026-03-01T10:01:00Z,\n")).toEqual({
    probes: [OK, { ...FAILED, reason: "failed" }],
  });
});

test("a quoted cell may hold the separator, a quote and the end of a line", () => {
  const text = 'time,ms,ok,error\n2026-03-01T10:01:00Z,,no answer,""\n';
  expect(importHistory(text)).toHaveProperty("faults");
  const quoted = 'time,ms,ok,error\n2026-03-01T10:01:00Z,,down,"it said ""no"",\nthen HTTP 503"\n';
  expect(importHistory(quoted)).toEqual({ probes: [{ ...FAILED, reason: "http-503" }] });
});

describe("what cannot be read is refused as a whole, with its place", () => {
  test.each([
    ["time,ms\n2026-03-01T10:00:00Z,41\nyesterday,41\n", "line 3 has no time that can be read"],
    ["time,ms\n2026-03-01T10:00:00Z,fast\n", "line 2 has a latency that is no time"],
    ["time,ms\n2026-03-01T10:00:00Z,-1\n", "line 2 has a latency that is no time"],
    ["time,ms,ok\n2026-03-01T10:00:00Z,41,perhaps\n", "line 2 says how it ended in a word that is not known"],
    ["time,ms,ok\n2026-03-01T10:00:00Z,,up\n", "line 2 went well and has no latency"],
    ["time,ms\n2026-03-01T10:00:00Z,41,7\n", "line 2 has 3 cells, and the head 2"],
    ['time,ms\n"2026-03-01T10:00:00Z,41\n', "line 2 has a quote that does not end"],
    ["name,colour\na,b\n", "line 1 names no column for the time"],
    ["time,ms\n", "there is no probe in it"],
    ["", "line 1 names no column for the time"],
    ['{"about":"nothing"}', "line 1 has no time that can be read"],
    ["[1,2]", "entry 1 is no object"],
    ['{"at":"2026-03-01T10:00:00Z","ms":4}\n{"at":\n', "line 2 is not JSON"],
  ])("%j", (text, fault) => {
    expect(importHistory(text)).toEqual({ faults: expect.arrayContaining([expect.stringContaining(fault)]) });
  });

  test("of many faults the first are told, and how many there are", () => {
    const text = `time,ms\n${"x,1\n".repeat(30)}`;
    const told = importHistory(text);
    expect("faults" in told && told.faults).toHaveLength(11);
    expect(told).toMatchObject({ faults: expect.arrayContaining(["and 20 more"]) });
  });
});

test("more probes than a history holds are refused, whatever they are written in", () => {
  const refused = { faults: [expect.stringContaining("more than 300,000 probes")] };
  const count = MOST_IMPORTED + 1;
  expect(importHistory(`ts,ms\n${"1772359200,1\n".repeat(count)}`)).toEqual(refused);
  expect(importHistory(`[${"1,".repeat(count)}1]`)).toEqual(refused);
  expect(importHistory("{}\n".repeat(count))).toEqual(refused);
});

test("a latency is kept to microseconds", () => {
  expect(importHistory("time,ms\n2026-03-01T10:00:00Z,41.50000001\n")).toEqual({ probes: [OK] });
});
