import { expect, test } from "vitest";
import { footLines } from "../../record/foot-lines.ts";
import { pageOf } from "../../record/page.ts";
import { writtenRun } from "./written-run.ts";

test("two servers that shared their traffic are named, with the command that compares them", () => {
  const footOf = (next: Readonly<Record<string, unknown>>): string =>
    footLines(
      writtenRun([{}], { identity: { servers: { learn: {}, next } } }),
      undefined,
      pageOf({ columns: 120 }),
    ).join("\n");
  expect(footOf({ trafficOf: "learn" })).toMatch(
    /^a\/b +next had the traffic of learn: swarmbridge compare --ab says what they differ in$/m,
  );
  expect(footOf({})).not.toContain("a/b");
});
