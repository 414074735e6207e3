import { expect, test } from "vitest";
import { rowsOf } from "../../bench/summary.ts";
import { callTable, idleTable } from "../../bench/table.ts";
import { measured } from "./measured.ts";

test("every line is as long as the first, and what was not measured is a dash", () => {
  const lines = callTable(rowsOf([measured({ callsPerSecond: 12_345 }), measured({ contender: "client" })])).split(
    "\n",
  );
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines[2]).toContain("12,345");
  expect(lines[2]).toContain(" – |");
});

test("several programs show their sum and their parts", () => {
  const table = callTable(rowsOf([measured({ contender: "locust", cpuUs: { locust: 52.2, bridge: 33.1 } })]));
  expect(table).toContain("85 = locust 52 + bridge 33");
});

test("memory is shown in megabytes in all and kilobytes a session", () => {
  const table = idleTable([
    {
      holder: "by-hand",
      sessions: 100,
      residentBytes: { locust: 90_000_000 },
      bytesPerSession: { locust: 41_000 },
      opensPerSecond: 2_000,
    },
  ]);
  expect(table).toMatch(/\| +100 \| FastHttpUser \| +90 \| +41 \| +2,000 \|/);
});
