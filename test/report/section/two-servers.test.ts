import { expect, test } from "vitest";
import { contextOf, nothingAround } from "../../../report/context.ts";
import { twoServersSection } from "../../../report/section/two-servers.ts";
import { seeded } from "../../capacity/ceiling/closed-network.ts";
import { writtenRun } from "../../record/written-run.ts";

const sectionOf = (trafficOf: string | undefined) => {
  const random = seeded(3);
  const samples = Array.from({ length: 800 }, (_, index) => ({
    name: `${index % 2 === 0 ? "learn" : "next"}:tools/call:search`,
    endMs: 100 + 12 * index,
    serviceMs: (50 + 50 * random()) * (index % 2 === 0 ? 1 : 1.3),
  }));
  const servers = { learn: {}, next: trafficOf === undefined ? {} : { trafficOf } };
  const record = writtenRun(samples, { identity: { servers }, gauges: { sessionsByServer: { learn: 4, next: 4 } } });
  return twoServersSection(contextOf(record, nothingAround(new Date())));
};

test("what two servers with the same traffic differ in is said, with every figure", () => {
  const section = sectionOf("learn");
  expect(section).toMatchObject({ id: "two-servers" });
  const text = JSON.stringify(section?.blocks);
  expect(text).toContain("learn, then next, which had the same traffic");
  expect(text).toContain("breaks the budget p95 +15%");
  expect(section?.blocks.some(({ kind }) => kind === "table")).toBe(true);
});

test("servers with traffic of their own have no such section", () => {
  expect(sectionOf(undefined)).toBeNull();
});
