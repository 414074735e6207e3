import { expect, test } from "vitest";
import { recordArrivals } from "../../bridge/arrivals.ts";
import type { Sample } from "../../record/sample.ts";
import { sectionOf } from "../../record/section.ts";

const recorded = (what: string, lateMs: number[], dropped: number): Sample[] => {
  const samples: Sample[] = [];
  recordArrivals(
    { operation: (sample) => samples.push(sample) },
    { op: "arrivals", server: "learn", what, lateMs, dropped },
  );
  return samples;
};

test("a start that began has its lateness as the time, one that was dropped has none", () => {
  expect(recorded("research", [0.25, 3], 1)).toMatchObject([
    { name: "learn:arrival:research", outcome: "ok", serviceMs: 0.25, responseMs: 0.25 },
    { name: "learn:arrival:research", outcome: "ok", serviceMs: 3, responseMs: 3 },
    { name: "learn:arrival:research", outcome: "dropped" },
  ]);
  expect(recorded("research", [], 1)[0]).not.toHaveProperty("responseMs");
});

test("whatever arrives is called, it is among the arrivals and forges no line", () => {
  const [sample] = recorded("tools/call:x\nforged", [1], 0);
  expect(sample?.name).toBe("learn:arrival:tools/call:x?forged");
  expect(sectionOf(sample?.name ?? "")).toBe("arrivals");
});

test("between two runs a start belongs to nobody", () => {
  expect(() => recordArrivals(null, { op: "arrivals", server: "a", what: "b", lateMs: [1], dropped: 1 })).not.toThrow();
});
