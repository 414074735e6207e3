import { describe, expect, it } from "vitest";
import { foundOf } from "../../../capacity/ceiling/ceiling-file.ts";
import { headline, remarks, tableRows } from "../../../capacity/ceiling/ceiling-lines.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { LIMITS, step } from "./measures.ts";

const found = (...steps: StepMeasure[]) =>
  foundOf({
    ...{ schema: 1, id: "20261121-120000-ceiling-abcd", server: "learn", shape: "sessions", limits: LIMITS },
    ...{ stepMs: 60_000, startedAt: "2026-11-21T12:00:00.000Z", state: "complete", steps: steps as never },
  });
const said = (...steps: StepMeasure[]): string => {
  const of = found(...steps);
  return [headline(of), ...remarks(of, null)].join("\n");
};

describe("what a search says", () => {
  it("is a confidence only of repeated steps", () => {
    const [kept, broken] = [step(5, 200), step(10, 9000)];
    expect(said(kept, broken)).toContain("within these steps it lies above 5 and at most 10");
    expect(said(kept, kept, broken, broken)).toContain("with 90% confidence it lies above 5 and at most 10");
  });

  it("claims nothing against its own table", () => {
    const text = said(step(5, 100), step(10, 9000), step(20, 100), step(30, 100), step(50, 9000));
    expect(text).toContain("within these steps it lies above 5\n");
    expect(text).toContain("20, 30 kept the limits though a lower step did not");
    for (const word of ["at most", "knee at 5", "scale out"]) expect(text).not.toContain(word);
  });

  it("advises what was carried, and to narrow it first where the ceiling may lie anywhere", () => {
    const text = said(step(4, 50), step(60, 9000));
    expect(text).toContain("it lies between 4 and 60: narrow it first");
    expect(text).toContain("scale out at 3 a replica (80% of the knee)");
    const limit = said(step(10, 100), step(20, 100), step(30, 100, { opened: 20, refused: 9 }));
    expect(limit).toContain("scale out at 20 a replica (no more was carried)");
    expect(limit).not.toContain("narrow it first");
  });

  it("calls p99 flat only with the range in which it was seen", () => {
    expect(said(step(1, 100), step(50, 100))).toContain("p99 stayed flat from 1 to 50");
    expect(said(step(50, 100))).not.toContain("flat");
  });

  it("counts one session as one", () => {
    expect(said(step(1, 100), step(2, 9000))).toContain("ceiling 2: 1 session is carried within");
    expect(said(step(1, 100), step(2, 9000))).toContain("1 session makes");
    expect(said(step(1, 9000))).toContain("below 1 session: the smallest step already broke");
  });

  it("gives one reason once", () => {
    expect(said(step(1, 100), step(2, 9000))).toContain(
      "scale out at 1 a replica (80% of the knee, 75% of the ceiling",
    );
  });

  it("says when the server was gone, and gives that level no region", () => {
    const gone = step(20, 0, { opened: 0, refused: 50, perBatch: 0 });
    expect(said(step(5, 100), gone)).toContain("at least 5 sessions");
    expect(said(step(5, 100), step(10, 9000), gone)).toContain("the server was not there any more at 20");
    expect(
      tableRows(found(step(5, 100), gone))
        .at(-1)
        ?.slice(-2),
    ).toEqual(["-", "unproven"]);
  });
});
