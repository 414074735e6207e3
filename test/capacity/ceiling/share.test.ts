import { describe, expect, it } from "vitest";
import { shareOf } from "../../../capacity/ceiling/share.ts";
import { seeded } from "./closed-network.ts";

describe("the confidence interval of a share", () => {
  it("is Wilson's for independent calls, with Student's t in the place of z", () => {
    // Of 40 batches t is 2.708. 10 of 1000 at 99 %: 0.44 % to 2.28 %.
    const batches = Array.from({ length: 40 }, (_, index) => ({ of: 25, events: index % 4 === 0 ? 1 : 0 }));
    const { share, low, high } = shareOf(batches);
    expect(share).toBe(0.01);
    expect(low).toBeCloseTo(0.00436, 4);
    expect(high).toBeCloseTo(0.0228, 4);
  });

  it("is wider when the slow calls came together", () => {
    const spread = Array.from({ length: 12 }, () => ({ of: 100, events: 2 }));
    const together = spread.map(({ of }, index) => ({ of, events: index === 5 ? 24 : 0 }));
    const width = (batches: typeof spread): number => shareOf(batches).high - shareOf(batches).low;
    expect(width(together)).toBeGreaterThan(3 * width(spread));
  });

  it("holds the true share in 99 of 100 cases", () => {
    const random = seeded(11);
    const cases = Array.from({ length: 1000 }, () =>
      shareOf(
        Array.from({ length: 12 }, () => {
          let events = 0;
          for (let call = 0; call < 200; call += 1) if (random() < 0.02) events += 1;
          return { of: 200, events };
        }),
      ),
    );
    const holding = cases.filter(({ low, high }) => low <= 0.02 && 0.02 <= high);
    expect(holding.length).toBeGreaterThanOrEqual(985);
  });

  it("says nothing without a call", () => {
    expect(shareOf([{ of: 0, events: 0 }])).toEqual({ share: Number.NaN, low: 0, high: 1 });
  });

  it("never claims to be sure of a limit of one in a hundred from few calls", () => {
    expect(shareOf([{ of: 40, events: 0 }]).high).toBeGreaterThan(0.01);
  });
});
