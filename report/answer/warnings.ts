/** What takes the worth from all figures of a report, and stands above them. */
import type { GeneratorLevel } from "../../record/generator-verdict.ts";
import type { ReportContext } from "../context.ts";
import type { Paragraph, Tone } from "../document.ts";
import { isOnlyLate } from "../generator-words.ts";
import { strong } from "../span.ts";

interface Words {
  readonly tone: Tone;
  readonly what: string;
  /** Before the reasons; null where they say it all. */
  readonly why: string | null;
}

const OF_LEVEL = {
  ok: null,
  strained: { tone: "warning", what: "Read the times with care", why: "the load generator was strained" },
  saturated: {
    tone: "bad",
    what: "The times and rates below cannot be believed, only the counts of failures",
    why: "the load generator itself was the bottleneck",
  },
  unknown: { tone: "warning", what: "The times below may be those of a busy load generator", why: null },
} as const satisfies Record<GeneratorLevel, Words | null>;

/** What came late is in no service time. */
const LATE: Words = {
  tone: "warning",
  what: "Read the load with care, not the service times",
  why: "the load generator came late",
};

export const warningsOf = (context: ReportContext): Paragraph[] => {
  const { record } = context;
  const { level, reasons } = context.generator;
  const words: Words | null = level === "strained" && isOnlyLate(context) ? LATE : OF_LEVEL[level];
  const [first, ...others] = reasons;
  const more = others.length === 0 ? "" : `, and ${others.length} more ${others.length === 1 ? "reason" : "reasons"}`;
  const why = [words?.why, first].filter((each) => each != null).join(": ");
  return [
    ...(words === null ? [] : [warning(words.tone, words.what, `${why}${more}`)]),
    ...(record.file.state === "complete"
      ? []
      : [warning("warning", "The record is not complete", "it holds what had been written when its process ended")]),
    ...record.damage.map((sentence) => warning("warning", "The record is damaged", sentence)),
  ];
};

const warning = (tone: Tone, what: string, why: string): Paragraph => ({
  kind: "paragraph",
  tone,
  text: [strong(what), `: ${why}.`],
});
