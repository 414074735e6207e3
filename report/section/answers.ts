/** What a reader came for: what it carried, what breaks first, what to do next. Each sentence with its figure. */
import { countText } from "../../record/duration-text.ts";
import { breakingItems } from "../answer/breaks-first.ts";
import { carriedItems } from "../answer/carries.ts";
import { keyFigures } from "../answer/key-figures.ts";
import { nextSteps } from "../answer/next-steps.ts";
import { warningsOf } from "../answer/warnings.ts";
import { carriedBy } from "../carried.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Inline, Section } from "../document.ts";
import { strong } from "../span.ts";

/** To one question: a fleet of servers does not fill the first page. */
const MOST_ITEMS = 12;

export const answersSection = (context: ReportContext): Section => {
  const carried = carriedBy(context.record);
  return {
    id: "answers",
    title: "Answers",
    blocks: [
      ...warningsOf(context),
      { kind: "figures", figures: keyFigures(context) },
      ...answer("What does it carry?", carriedItems(context, carried)),
      ...answer("What breaks first?", breakingItems(context, carried)),
      ...answer("What to do next?", nextSteps(context, carried)),
    ],
  };
};

const answer = (question: string, items: readonly Inline[]): Block[] => {
  if (items.length === 0) return [];
  const more = items.length - MOST_ITEMS;
  const shown = more > 0 ? [...items.slice(0, MOST_ITEMS), `and ${countText(more)} more, below`] : items;
  return [
    { kind: "paragraph", text: [strong(question)] },
    { kind: "list", items: shown },
  ];
};
