import { expect, test } from "vitest";
import { isSeries } from "../../config/metric-series.ts";

test.each(["heap", "a:b_1", "heap{}", 'heap{area="x"}', 'heap { area = "x" , zone="{a}", }', 'heap{a="\\"\\\\\\n"}'])(
  "%s can be asked for",
  (text) => {
    expect(isSeries(text)).toBe(true);
  },
);

test.each([
  ...["", "{", "1heap", "heap{area=x}", "heap{area='x'}", 'heap{a="x"', 'heap{area=~"x"}', 'heap{area!="x"}'],
  ...['heap{a="x" b="y"}', 'heap{"area"="x"}', 'heap{a="x"} 5', "heap{,}", 'heap{a="\\x"}'],
])("%s is refused, not read as something else", (text) => {
  expect(isSeries(text)).toBe(false);
});
