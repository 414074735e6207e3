/** The report of a run: its sections in the order in which they are read. Each says nothing (null) where there is nothing. */
import { durationText } from "../record/duration-text.ts";
import type { RunFile } from "../record/run-file.ts";
import type { ReportContext } from "./context.ts";
import type { Document, Inline, Section } from "./document.ts";
import { answersSection } from "./section/answers.ts";
import { toolsSection } from "./section/tools.ts";

type SectionOf = (context: ReportContext) => Section | null;

/** Answers first, then what they rest on, then how it was measured. */
const SECTIONS: readonly SectionOf[] = [answersSection, toolsSection];

export const documentOf = (context: ReportContext): Document => ({
  title: `Load test ${context.record.file.id}`,
  subtitle: subtitleOf(context.record.file),
  sections: SECTIONS.flatMap((sectionOf) => sectionOf(context) ?? []),
});

const subtitleOf = (file: RunFile): Inline => {
  const { startedAt, endedAt, updatedAt, endReason, state } = file;
  const ms = Date.parse(endedAt ?? updatedAt) - Date.parse(startedAt);
  const end = state === "complete" ? `ended: ${endReason ?? "no reason given"}` : "not complete";
  return `${startedAt.slice(0, 19).replace("T", " ")} UTC, ${durationText(ms)}, ${end}`;
};
