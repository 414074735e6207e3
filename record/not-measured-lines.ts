/** For the foot of a summary: what was not measured, in as few words as say it. The report has the reasons. */
import { notMeasured } from "./not-measured.ts";
import type { RunRecord } from "./read-run.ts";

/** @returns empty when nothing is missing */
export const notMeasuredText = (record: RunRecord): string =>
  notMeasured(record)
    .map(({ what }) => what)
    .join("; ");
