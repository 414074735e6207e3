/** What a server's answers held of other calls, where its calls were marked. */

import { countText } from "./duration-text.ts";
import type { IsolationRecord } from "./facts/isolation.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page } from "./page.ts";
import type { RunFile } from "./run-file.ts";

/** @returns nothing for a server without `canary` */
export const isolationLines = (server: string, { facts }: RunFile, { columns, paint }: Page): string[] => {
  const { isolation = {} } = facts;
  const counts = ownValue(isolation, server);
  if (counts === undefined) return [];
  const isMixed = counts.leaked + counts.swapped > 0;
  const isUnseen = counts.echoed + counts.ofSession + counts.leaked === 0;
  const style = isMixed ? "red" : isUnseen ? "yellow" : "dim";
  return indented(`isolation: ${textOf(counts, isUnseen)}`, columns).map((line) => paint(style, line));
};

const textOf = (
  { answers, marked, echoed, leaked, leakedFromElsewhere, swapped }: IsolationRecord,
  isUnseen: boolean,
): string => {
  const calls = `${countText(marked)} of ${countText(answers)} calls marked`;
  if (isUnseen) return `${calls}, and no mark came back: nothing can be said`;
  const facts = [`${calls}, ${countText(echoed)} answers with their own mark`];
  const elsewhere = leakedFromElsewhere === 0 ? "" : ` (${countText(leakedFromElsewhere)} of another process or run)`;
  facts.push(leaked === 0 ? "none with another session's" : `${countText(leaked)} with another session's${elsewhere}`);
  if (swapped > 0) facts.push(`${countText(swapped)} with that of a later call of their own session instead`);
  return facts.join(", ");
};
