// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { expect, test } from "vitest";
import { expand, hasPlaceholder, literalParts } from "../../config/placeholder.ts";

const VARIABLES: Readonly<Record<string, string>> = { A: "1", B: "${A}" };

const expanded = (text: string): { text: string; faults: string[] } => {
  const faults: string[] = [];
  return {
    text: expand(
      text,
      (name) => VARIABLES[name],
      (fault) => faults.push(fault),
    ),
    faults,
  };
};

test.each([
  ["plain", "plain"],
  ["$A and $", "$A and $"],
  ["${A}", "1"],
  ["x${A}y${A}", "x1y1"],
  ["${B}", "${A}"],
  ["${A:-2}", "1"],
  ["${NO:-2}", "2"],
  ["${NO:-}", ""],
  ["${NO:-a:-b}", "a:-b"],
  ["$${A}", "${A}"],
  ["$${A}${A}", "${A}1"],
])("%s becomes %s", (written, meant) => {
  expect(expanded(written)).toEqual({ text: meant, faults: [] });
});

test.each(["${}", "${", "${A", "${A B}", "${1A}", "${A-x}", "${A${A}}"])("%s is refused", (written) => {
  expect(expanded(written).faults).toHaveLength(1);
});

test("each variable that is not set is told by its name", () => {
  expect(expanded("${X} ${Y}").faults).toEqual([
    expect.stringContaining("X is not set"),
    expect.stringContaining("Y is not set"),
  ]);
});

test("what stands literally in the file includes the defaults", () => {
  expect(literalParts("a ${X} b ${Y:-c} $${d}")).toBe("a  b c d}");
});

test("an escaped placeholder is none", () => {
  expect([
    hasPlaceholder("$${A}"),
    hasPlaceholder("${A}"),
    hasPlaceholder("x$${A} ${B}"),
    hasPlaceholder("$A"),
  ]).toEqual([false, true, true, false]);
});
