import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { readIfThere } from "../../record/record-files.ts";
import { RECORD_SCHEMA_FILE, recordJsonSchema } from "../../record/record-schema.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const FIXTURES = join(import.meta.dirname, "fixtures");
const RECORDS = readdirSync(FIXTURES).map((name) => join(FIXTURES, name));

const schema = JSON.parse(readFileSync(join(ROOT, RECORD_SCHEMA_FILE), "utf8"));
const ajv = new Ajv2020({ allowUnionTypes: true });
const isRun = ajv.compile(schema);
const inside = (name: string) => ajv.compile({ $ref: `${schema.$id}#/$defs/${name}` });
const isRow = inside("timelineRow");
const areFailures = inside("failures");

test(`${RECORD_SCHEMA_FILE} is what the rules say (node cli/write-schema.ts)`, () => {
  expect(schema).toEqual(recordJsonSchema());
});

test.each(RECORDS)("the files of a real record validate: %s", (dir) => {
  expect(isRun(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))), ajv.errorsText(isRun.errors)).toBe(true);
  for (const line of readFileSync(join(dir, "timeline.jsonl"), "utf8").trimEnd().split("\n")) {
    expect(isRow(JSON.parse(line)), ajv.errorsText(isRow.errors)).toBe(true);
  }
  expect(areFailures(JSON.parse(readIfThere(join(dir, "failures.json")) ?? "[]"))).toBe(true);
});

test("what is no record does not validate, and an added field does", () => {
  const run = JSON.parse(readFileSync(join(RECORDS[0] ?? "", "run.json"), "utf8"));
  expect(isRun({ ...run, later: true })).toBe(true);
  expect(isRun({ ...run, schema: 2 })).toBe(false);
  expect(isRun({ ...run, state: "paused" })).toBe(false);
  expect(areFailures([{ name: "learn:ping", outcome: "nonsense", samples: [] }])).toBe(false);
});
