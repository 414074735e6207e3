import { describe, expect, test } from "vitest";
import { latestInRow } from "../../../gate/history/latest-in-row.ts";
import { seeded } from "../../capacity/ceiling/closed-network.ts";

const told = (values: readonly number[]) => latestInRow(values, "p95Ms")?.told;

describe("the latest value in its row", () => {
  test("is in it when it lies where the others do, and out of it when it does not", () => {
    const row = [50, 52, 49, 51, 50, 48, 51];
    expect(told([...row, 51])).toBe("in its row");
    expect(told([...row, 80])).toBe("above its row");
    expect(told([...row, 30])).toBe("below its row");
  });

  test("is not moved by one odd run before it", () => {
    const { medianBefore, usual, told: said } = latestInRow([50, 52, 49, 900, 50, 48, 51, 80], "p95Ms") ?? {};
    expect([medianBefore, said]).toEqual([expect.closeTo(50, 0), "above its row"]);
    expect(usual?.high).toBeLessThan(80);
  });

  test("of runs that were alike to the microsecond still lies in it, a little off", () => {
    expect(told([50, 50, 50, 50, 50, 50, 52])).toBe("in its row");
    expect(told([50, 50, 50, 50, 50, 50, 70])).toBe("above its row");
  });

  test("cannot be judged by fewer than five before it, nor without a logarithm", () => {
    expect(latestInRow([50, 50, 50, 50, 90], "p95Ms")).toMatchObject({ told: "too few runs", before: 4, usual: null });
    expect(latestInRow([50, 0, 50], "p95Ms")).toBeNull();
    expect(latestInRow([], "p95Ms")).toBeNull();
  });

  test("takes errors in points, so that none is a value as any other, and few calls excuse one failure", () => {
    const none = [0, 0, 0, 0, 0, 0];
    expect(latestInRow([...none, 0], "errorPercent")).toMatchObject({ told: "in its row", usual: { low: 0 } });
    expect(latestInRow([...none, 1], "errorPercent")?.told).toBe("above its row");
    expect(latestInRow([...none, 1], "errorPercent", 1)?.told).toBe("in its row");
  });

  test("says how far a row drifts, and nothing where it does not", () => {
    const rising = Array.from({ length: 12 }, (_, index) => 50 * 1.05 ** index);
    expect(latestInRow(rising, "p95Ms")?.drift).toBeCloseTo(5, 1);
    expect(latestInRow([50, 52, 49, 51, 50, 48, 51, 50], "p95Ms")?.drift).toBeNull();
  });

  test("of a steady row is called odd about once in twenty, and one far off is mostly seen", () => {
    const random = seeded(7);
    const normal = (): number => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
    const rounds = 4000;
    const share = (before: number, shift: number): number => {
      let odd = 0;
      for (let round = 0; round < rounds; round++) {
        const row = Array.from({ length: before }, () => 100 * Math.exp(0.1 * normal()));
        if (told([...row, 100 * Math.exp(0.1 * (normal() + shift))]) !== "in its row") odd += 1;
      }
      return odd / rounds;
    };
    // Measured with forty thousand rounds: 0.062 and 0.021; six standard deviations off: 0.75 and 0.99.
    expect(share(5, 0)).toBeLessThan(0.08);
    expect(share(20, 0)).toBeLessThan(0.035);
    expect(share(5, 6)).toBeGreaterThan(0.65);
    expect(share(20, 6)).toBeGreaterThan(0.96);
  });
});
