import { expect, test } from "vitest";
import { GeneratorLoad } from "../../record/generator-load.ts";
import { RecordError } from "../../record/record-error.ts";
import { Recording } from "../../record/recording.ts";
import { parseRunFile } from "../../record/run-file.ts";
import { identity, STARTED_AT } from "./samples.ts";

test("a record from before auth was measured is read as one without any", () => {
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
