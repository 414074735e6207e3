import { expect, test } from "vitest";
import { rowsOf } from "../../bench/summary.ts";
import { measured } from "./measured.ts";

test("a ratio compares within a round, so that a slow round of all changes nothing", () => {
  const rows = rowsOf([
    measured({ contender: "by-hand", callsPerSecond: 100 }),
    measured({ contender: "locust", callsPerSecond: 200 }),
    measured({ contender: "by-hand", callsPerSecond: 10 }),
    measured({ contender: "locust", callsPerSecond: 20 }),
    measured({ contender: "by-hand", callsPerSecond: 50 }),
    measured({ contender: "locust", callsPerSecond: 150 }),
  ]);
  const locust = rows.find(({ contender }) => contender === "locust");
  expect(locust?.toByHand?.median).toBe(2);
  expect(locust?.callsPerSecond.median).toBe(150);
  expect(locust?.toUndici).toBeNull();
});

test("the server's share is its largest, failures are summed", () => {
  const [row] = rowsOf([measured({ serverCores: 0.9, failures: 1 }), measured({ serverCores: 0.2, failures: 2 })]);
  expect(row).toMatchObject({ serverCores: 0.9, failures: 3 });
});
