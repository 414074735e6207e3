import { expect, test } from "vitest";
import { slowTools } from "../../record/slow-tool.ts";
import { many, writtenRun } from "./written-run.ts";

const calls = (count: number, tool: string, serviceMs: number, server = "learn") =>
  many(count, { name: `${server}:tools/call:${tool}`, serviceMs });

test("a tool five times slower than the others of its server is named, with its share of their time", () => {
  const { file } = writtenRun([...calls(10, "search", 100), ...calls(10, "list", 120), ...calls(20, "report", 600)]);
  const [slow, ...others] = slowTools(file);
  expect(others).toEqual([]);
  expect(slow).toMatchObject({ server: "learn", tool: "report", others: 2 });
  expect(slow?.othersMs).toBeCloseTo(110, 0);
  expect(slow?.shareOfTime).toBeCloseTo(12_000 / 14_200, 5);
});

test("a tool of another server is no measure, nor one that was hardly called", () => {
  const report = calls(10, "report", 600);
  expect(slowTools(writtenRun([...report, ...calls(10, "get_me", 5, "github")]).file)).toEqual([]);
  expect(slowTools(writtenRun([...report, ...calls(9, "search", 5)]).file)).toEqual([]);
  expect(slowTools(writtenRun([...calls(9, "report", 600), ...calls(10, "search", 5)]).file)).toEqual([]);
});

test("a call that nobody waits for is not slow, however quick the others are", () => {
  expect(slowTools(writtenRun([...calls(10, "report", 390), ...calls(10, "search", 2)]).file)).toEqual([]);
});
