import { expect, test } from "vitest";
import { judge } from "../../../gate/judge.ts";
import type { Verdict } from "../../../gate/verdict.ts";
import { answersSection } from "../../../report/section/answers.ts";
import { verdictSection } from "../../../report/section/verdict.ts";
import { many, writtenRun } from "../../record/written-run.ts";
import { contextFor, linesOf } from "../said.ts";

const RUN = writtenRun(many(100, { serviceMs: 20, responseMs: 20 }));
const P95_ABOVE_10 = {
  aggregate: "p95",
  metric: "response_time_ms",
  condition: ">",
  value: 10,
  request: null,
  isLocal: false,
} as const;

test("every criterion is a row with what was measured, below whose limits they are", () => {
  const verdict = judge(RUN, { profile: null, client: [], server: [] });
  const lines = linesOf(verdictSection(contextFor(RUN, { verdict })));
  expect(lines[0]).toBe("Gate: PASSED, none of 2 criteria is broken");
  expect(lines[1]).toBe("Criteria: our defaults (profile smoke), where no others are set");
  expect(lines).toContain("avg(response_time_ms) > 8000 | 20 ms | passed");
  expect(lines.at(-1)).toBe("Load generator: ok: the machine that made the load kept up, the times are the servers'.");
});

test("a user's own criterion is said to be one, and a broken one is a bad row", () => {
  const verdict = judge(RUN, { profile: null, client: [P95_ABOVE_10], server: [] });
  const lines = linesOf(verdictSection(contextFor(RUN, { verdict })));
  expect(lines.slice(0, 3)).toEqual([
    "Gate: FAILED, 1 of 1 criterion is broken",
    "Criteria: the user's own",
    "p95(response_time_ms) > 10 | 20 ms | failed",
  ]);
});

test("what passes our loose defaults is not called good, neither large nor in words, and whoever's own failed is bad", () => {
  const gateOf = (verdict: Verdict): unknown[] => {
    const context = contextFor(RUN, { verdict });
    const figures = answersSection(context).blocks.find((block) => block.kind === "figures");
    return [figures?.figures.at(-1), verdictSection(context).blocks[0]];
  };
  const loose = gateOf(judge(RUN, { profile: null, client: [], server: [] }));
  expect(loose).toMatchObject([{ label: "gate", note: "by our loose defaults: profile smoke" }, {}]);
  expect(JSON.stringify(loose)).not.toContain("tone");
  const own = gateOf(judge(RUN, { profile: null, client: [P95_ABOVE_10], server: [] }));
  expect(own).toMatchObject([{ value: "FAILED", tone: "bad" }, { tone: "bad" }]);
});

test("without criteria there is no gate, and it says so", () => {
  expect(linesOf(verdictSection(contextFor(RUN)))[0]).toBe("Gate: not judged, as no criteria could be read.");
});
