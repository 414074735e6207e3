/** The report of a run: its sections in the order in which they are read. Each says nothing (null) where there is nothing. */
import { durationText } from "../record/duration-text.ts";
import type { RunFile } from "../record/run-file.ts";
import { runMs } from "../record/run-length.ts";
import type { ReportContext } from "./context.ts";
import type { Document, Inline, Section } from "./document.ts";
import { agentsSection } from "./section/agents.ts";
import { answersSection } from "./section/answers.ts";
import { budgetSection } from "./section/budget.ts";
import { ceilingSection } from "./section/ceiling.ts";
import { diagnosisSection } from "./section/diagnosis.ts";
import { failuresSection } from "./section/failures.ts";
import { harnessSection } from "./section/harness.ts";
import { historySection } from "./section/history.ts";
import { latencySection } from "./section/latency.ts";
import { loadSection } from "./section/load.ts";
import { memorySection } from "./section/memory.ts";
import { notMeasuredSection } from "./section/not-measured.ts";
import { referenceSection } from "./section/reference.ts";
import { serversSection } from "./section/servers.ts";
import { settingSection } from "./section/setting.ts";
import { signaturesSection } from "./section/signatures.ts";
import { streamsSection } from "./section/streams.ts";
import { toolsSection } from "./section/tools.ts";
import { turnsSection } from "./section/turns.ts";
import { twoServersSection } from "./section/two-servers.ts";
import { verdictSection } from "./section/verdict.ts";

type SectionOf = (context: ReportContext) => Section | null;

/** Answers first, then what they rest on, then how it was measured. */
const SECTIONS: readonly SectionOf[] = [
  answersSection,
  verdictSection,
  diagnosisSection,
  signaturesSection,
  agentsSection,
  budgetSection,
  twoServersSection,
  toolsSection,
  latencySection,
  loadSection,
  failuresSection,
  turnsSection,
  streamsSection,
  serversSection,
  memorySection,
  harnessSection,
  ceilingSection,
  historySection,
  referenceSection,
  notMeasuredSection,
  settingSection,
];

export const documentOf = (context: ReportContext): Document => ({
  title: `Load test ${context.record.file.id}`,
  subtitle: subtitleOf(context.record.file),
  sections: SECTIONS.flatMap((sectionOf) => sectionOf(context) ?? []),
});

const subtitleOf = (file: RunFile): Inline => {
  const { startedAt, endReason, state } = file;
  const end = state === "complete" ? `ended: ${endReason ?? "no reason given"}` : "not complete";
  return `${startedAt.slice(0, 19).replace("T", " ")} UTC, ${durationText(runMs(file))}, ${end}`;
};
