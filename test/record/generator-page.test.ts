import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DELAY_RULES } from "../../record/generator-delays.ts";
import { GENERATOR_MEASURE_NAMES, GENERATOR_MEASURES } from "../../record/generator-measures.ts";
import { SECONDS_RULE } from "../../record/generator-seconds.ts";

const PAGE = readFileSync(fileURLToPath(new URL("../../docs/measurement.md", import.meta.url)), "utf8");
const SECTION = PAGE.split("\n## ").find((text) => text.startsWith("Can the generator be believed?")) ?? "";
const ROWS = SECTION.split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the page has each measure with the thresholds that are in force, and no other", () => {
  const onPage = ROWS.filter((cells) => cells.length === 7 && cells[1]?.startsWith("`")).map(
    ([, name, , strained, saturated]) => [name, strained, saturated],
  );
  expect(onPage).toEqual(
    GENERATOR_MEASURE_NAMES.map((name) => {
      const { text, strained, saturated } = GENERATOR_MEASURES[name];
      return [`\`${name}\``, text(strained), saturated === null ? "-" : text(saturated)];
    }),
  );
});

test("the page has the rule of seconds and that of delays", () => {
  const { strained, saturated } = SECONDS_RULE;
  expect(SECTION).toContain(`${strained.share * 100} % of the seconds`);
  expect(SECTION).toContain(`in ${saturated.share * 100} %; and in three seconds at least`.replace("in ", ""));
  expect([strained.least, saturated.least]).toEqual([3, 3]);
  expect(ROWS).toContainEqual(["", "p50", "-", "100 ms, or 20 ms and as much as the server's p50", ""]);
  expect(ROWS).toContainEqual(["", "p99", "500 ms, or 50 ms and a quarter of the server's p99", "-", ""]);
  expect(SECTION).toContain("A p99 counts from 100 operations on, a p50 from 20");
  expect(DELAY_RULES).toEqual({
    saturated: { percentile: "p50Ms", always: 100, floor: 20, share: 1, fewest: 20 },
    strained: { percentile: "p99Ms", always: 500, floor: 50, share: 0.25, fewest: 100 },
  });
});
