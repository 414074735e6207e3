/** Untrusted text in Markdown: names and answers come from servers, and none of them may be markup, a link or a mention. */
import { printable } from "./text-table.ts";

/**
 * A fence longer than any inside. A table's cell ends at `|` even in code, and what a backslash before it means differs:
 * with either of them the code is written in entities.
 */
export const code = (text: string): string => {
  const shown = printable(text);
  if (/[|\\]/.test(shown)) return `<code>${shown.replaceAll(/[^\p{L}\p{N} ]/gu, entity)}</code>`;
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
};

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

/**
 * Names and answers come from servers: no markup, no list, no link, no mention of a person or an issue. Links and mentions
 * are found in what is rendered, where no escape is left: an invisible space stands in them.
 */
export const plain = (text: string): string =>
  printable(text)
    .trim()
    .replaceAll(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/^(\d*)([-+=.)])/, "$1\\$2")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[@#]|:(?=\/\/)|www(?=\.)/gi, "$&\u200b");
