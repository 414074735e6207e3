/** Tools that changed: since the last run of the same server, and while this one went on. Names only. */

import { countText } from "./duration-text.ts";
import { type ToolsRecord, toolChanges } from "./facts/tools.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page } from "./page.ts";
import type { RunRecord } from "./read-run.ts";
import { printable, shortened } from "./text-table.ts";
import type { ToolsBefore } from "./tools-before.ts";

const MOST_NAMED = 5;
const LONGEST_NAME = 40;

/** @param before of this server, where there was a run @returns nothing where nothing changed */
export const toolLines = (
  server: string,
  { file }: RunRecord,
  before: ToolsBefore | undefined,
  { columns, paint }: Page,
): string[] => {
  const { tools: all = {} } = file.facts;
  const now = ownValue(all, server);
  if (now === undefined) return [];
  const texts: string[] = [];
  if (now.differing.length > 0) {
    texts.push(`tools differed from list to list during this run: ${namesText(now.differing)}`);
  }
  const changes = before === undefined ? [] : changesText(before.tools, now);
  if (changes.length > 0) texts.push(`tools changed since ${before?.run}: ${changes.join("; ")}`);
  return texts.flatMap((text) => indented(text, columns)).map((line) => paint("yellow", line));
};

const changesText = (before: ToolsRecord, now: ToolsRecord): string[] => {
  const changes = toolChanges(before, now);
  const texts = (["added", "removed", "changed"] as const).flatMap((kind) =>
    changes[kind].length === 0 ? [] : `${kind} ${namesText(changes[kind])}`,
  );
  if (before.more !== now.more)
    return [...texts, `${countText(now.more)} not looked at, ${countText(before.more)} then`];
  return texts.length > 0 && now.more > 0 ? [...texts, `${countText(now.more)} not looked at`] : texts;
};

const namesText = (names: readonly string[]): string => {
  const named = names.slice(0, MOST_NAMED).map((name) => shortened(printable(name), LONGEST_NAME));
  const others = names.length - named.length;
  return named.join(", ") + (others > 0 ? ` and ${countText(others)} more` : "");
};
