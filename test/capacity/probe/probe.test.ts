import { expect, test } from "vitest";
import { type Probe, parseProbe, probeLine } from "../../../capacity/probe/probe.ts";
import { START_MS } from "./probes.ts";

test.each<Probe>([
  { atMs: START_MS, isOk: true, initializeMs: 12.5, listMs: 3, callMs: 9.125 },
  { atMs: START_MS, isOk: false, reason: "timeout" },
  { atMs: START_MS, isOk: true, initializeMs: 40, isImported: true },
])("a line is read as it was written: %j", (probe) => {
  const line = probeLine(probe);
  expect(line.endsWith("\n") && !line.slice(0, -1).includes("\n")).toBe(true);
  expect(parseProbe(line)).toEqual(probe);
});

test.each(["", "{", '{"at":"2026-03-01T10:00:', '{"at":"yesterday","ok":true}', '{"at":"2026-03-01T10:00:00Z"}', "7"])(
  "a line that is none is none: %s",
  (line) => {
    expect(parseProbe(line)).toBeNull();
  },
);
