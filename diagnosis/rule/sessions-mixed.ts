/** Answers held the mark of another session's call. No statistics: once is enough. */
import { countText } from "../../record/duration-text.ts";
import type { ServerView } from "../server-view.ts";

export const sessionsMixed = ({ counts }: ServerView): string | null => {
  const leaks = counts.get("leak") ?? 0;
  if (leaks === 0) return null;
  return `${countText(leaks)} ${leaks === 1 ? "answer" : "answers"} held what another session had sent`;
};
