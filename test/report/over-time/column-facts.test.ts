import { expect, test } from "vitest";
import { trendText } from "../../../report/over-time/column-facts.ts";
import { TimeSlots } from "../../../report/over-time/time-slots.ts";

const SLOTS = new TimeSlots(600, 600);
const column = Array.from({ length: 600 }, (_, second) => 100 + second / 10 + ((second * 37) % 11) * 1.7);

test("an interval whose ends are written like the value itself is left out", () => {
  expect(trendText(column, SLOTS, (value) => `${Math.round(value)} MB`)).toBe("it rises by 6 MB a minute");
  expect(trendText(column, SLOTS, (value) => value.toFixed(4))).toMatch(
    /^it rises by \S+ a minute \(95% \S+ to \S+\)$/,
  );
});
