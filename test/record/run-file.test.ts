import { expect, test } from "vitest";
import { GeneratorLoad } from "../../record/generator-load.ts";
import { RecordError } from "../../record/record-error.ts";
import { Recording } from "../../record/recording.ts";
import { parseRunFile } from "../../record/run-file.ts";
import { identity, STARTED_AT } from "./samples.ts";

const head = () => {
  const { auth, ...older } = {
    schema: 1,
    ...identity(),
    ...new Recording().toRunFile(),
    state: "complete",
    endReason: "run time",
    endedAt: STARTED_AT,
    updatedAt: STARTED_AT,
    sessions: new GeneratorLoad().sessions(),
    generator: new GeneratorLoad().generator(),
    parts: [],
    files: { latencyBytes: 0, timelineBytes: 0 },
  };
  return { auth, older };
};

test("a record from before auth was measured is read as one without any", () => {
  const { auth, older } = head();
  expect(auth).toEqual({});
  expect(parseRunFile(JSON.stringify(older), "results/x").auth).toEqual({});
});

const codeOf = (text: string): string => {
  try {
    parseRunFile(text, "results/x");
  } catch (error) {
    if (error instanceof RecordError) return error.code;
    throw error;
  }
  return "read";
};

test.each([
  ["a torn file", '{"schema": 1, "id": ', "RECORD_BROKEN"],
  ["something else", '"hello"', "RECORD_BROKEN"],
  ["a record of a later version", '{"schema": 2}', "RECORD_SCHEMA"],
  ["a record that lacks its counts", '{"schema": 1, "id": "x"}', "RECORD_BROKEN"],
])("%s is refused with a code", (_what, text, code) => {
  expect(codeOf(text)).toBe(code);
});

test.each(["startedAt", "endedAt", "updatedAt"])(
  "a record whose %s is no moment is refused: it would have no length",
  (field) => {
    for (const value of ["yesterday", "-", "2026-13-01T00:00:00Z", "+275760-09-13T00:00:00.000Z"]) {
      expect(codeOf(JSON.stringify({ ...head().older, [field]: value })), value).toBe("RECORD_BROKEN");
    }
    expect(codeOf(JSON.stringify({ ...head().older, [field]: "2026-03-01T11:00:00+01:00" }))).toBe("read");
  },
);
