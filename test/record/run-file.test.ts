import { expect, test } from "vitest";
import { RecordError } from "../../record/record-error.ts";
import { parseRunFile } from "../../record/run-file.ts";

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
