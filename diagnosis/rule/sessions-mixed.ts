/** Answers held the mark of another call (`canary`). No statistics: once is enough. */

import { countText } from "../../record/duration-text.ts";
import { ownValue } from "../../record/own-value.ts";
import type { ServerView } from "../server-view.ts";

export const sessionsMixed = ({ counts, facts, name }: ServerView): string | null => {
  const leaks = counts.get("leak") ?? 0;
  if (leaks > 0) return `${answers(leaks)} held what another session had sent`;
  const swapped = ownValue(facts.isolation, name)?.swapped ?? 0;
  return swapped === 0
    ? null
    : `${answers(swapped)} held what a later call of the same session had sent, not their own`;
};

const answers = (count: number): string => `${countText(count)} ${count === 1 ? "answer" : "answers"}`;
