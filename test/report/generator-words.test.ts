import { expect, test } from "vitest";
import type { RunRecord } from "../../record/read-run.ts";
import { Times } from "../../record/times.ts";
import { generatorText } from "../../report/generator-words.ts";
import { answersSection } from "../../report/section/answers.ts";
import { verdictSection } from "../../report/section/verdict.ts";
import { many, type WrittenRun, writtenRun } from "../record/written-run.ts";
import { contextFor, linesOf } from "./said.ts";

const CALLS = many(200, { serviceMs: 20 });

const late = (run: WrittenRun = {}): RunRecord => {
  const record = writtenRun(CALLS, run);
  const before = new Times();
  for (let at = 0; at < 200; at++) before.record(at < 190 ? 1000 : 900_000);
  return {
    ...record,
    file: { ...record.file, harnessDelay: { ...record.file.harnessDelay, before: before.summary() } },
  };
};

test("what only came late is the load's matter, and in no time of a server", () => {
  const context = contextFor(late());
  expect(context.generator.level).toBe("strained");
  expect(generatorText(context)).toContain("in no service time");
  expect(linesOf(verdictSection(context)).at(-1)).not.toContain("its own");
  expect(linesOf(answersSection(context))[0]).toMatch(/^Read the load with care, not the service times: /);
});

test("on a busy machine some of the times may be its own, whatever else was late", () => {
  const gauges = { locustCpu: 0.85 };
  for (const record of [late({ gauges }), writtenRun(CALLS, { gauges })]) {
    expect(generatorText(contextFor(record))).toContain("may be its own");
    expect(linesOf(answersSection(contextFor(record)))[0]).toMatch(/^Read the times with care: /);
  }
});
