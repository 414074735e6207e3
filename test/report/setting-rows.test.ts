import { expect, test } from "vitest";
import { settingRows } from "../../report/setting-rows.ts";

test("settings become one row each, by their whole name", () => {
  expect(
    settingRows({ url: "http://a", limits: { callMs: 60 }, headers: [], slo: null, answers: [{ name: "x" }] }),
  ).toEqual([
    ["url", "http://a"],
    ["limits.callMs", "60"],
    ["headers", "[]"],
    ["slo", "null"],
    ["answers.0.name", "x"],
  ]);
});

test("whatever a record holds, rows and their length are bounded", () => {
  let deep: unknown = "end";
  for (let level = 0; level < 1000; level++) deep = { deep };
  const rows = settingRows({
    deep,
    ...Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, "x".repeat(9000)])),
  });
  expect(rows.length).toBe(200);
  expect(Math.max(...rows.map(([, value]) => value.length))).toBeLessThanOrEqual(303);
});
