/** What this report does not say, and why: silence would be taken for "nothing was found". R114. */
import { notMeasured } from "../../record/not-measured.ts";
import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";

export const notMeasuredSection = ({ record }: ReportContext): Section | null => {
  const all = notMeasured(record);
  if (all.length === 0) return null;
  return {
    id: "not-measured",
    title: "What was not measured",
    blocks: [{ kind: "facts", rows: all.map(({ what, why }) => [what, why]) }],
  };
};
