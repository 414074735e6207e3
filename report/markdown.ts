/** A document as Markdown, for a pull request or a job's summary. Pictures are the sentences that tell what they show. */
import * as markdown from "../record/markdown-text.ts";
import type { Block, Cell, Details, Document, Inline, Table, Tone } from "./document.ts";
import { shownText } from "./shown-text.ts";

/** GitHub takes 65,536 characters for a comment, and a table of a thousand names is read by nobody there. */
const MOST_ROWS = 60;
/** Of one piece of text: a name, a sentence, a sample of a failure. */
const MOST_CHARACTERS = 500;

const plain = (text: string): string => markdown.plain(shownText(text, MOST_CHARACTERS));
const code = (text: string): string => markdown.code(shownText(text, MOST_CHARACTERS));

const MARK = { good: "✅ ", warning: "⚠️ ", bad: "❌ ", quiet: "" } as const satisfies Record<Tone, string>;

export const documentMarkdown = ({ title, subtitle, sections }: Document): string =>
  `${[
    `# ${plain(title)}`,
    inline(subtitle),
    ...sections.flatMap((section) => [`## ${plain(section.title)}`, ...section.blocks.flatMap(blockMarkdown)]),
  ].join("\n\n")}\n`;

/** @returns paragraphs, without the empty lines between them */
const blockMarkdown = (block: Block): string[] => {
  switch (block.kind) {
    case "paragraph":
      return [`${markOf(block.tone)}${inline(block.text)}`];
    case "list":
      return [block.items.map((item) => `- ${inline(item)}`).join("\n")];
    case "facts":
      return [block.rows.map(([label, value]) => `- ${plain(label)}: ${inline(value)}`).join("\n")];
    case "figures":
      return [
        block.figures
          .map(({ label, value, note, tone }) => {
            const more = note === undefined ? "" : ` (${inline(note)})`;
            return `- ${markOf(tone)}**${plain(value)}** ${plain(label)}${more}`;
          })
          .join("\n"),
      ];
    case "table":
      return tableMarkdown(block);
    case "chart":
      return [`**${plain(block.title)}.** ${plain(block.says)}`];
    case "details":
      return detailsMarkdown(block);
  }
};

const tableMarkdown = ({ caption, columns, rows }: Table): string[] => {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, MOST_ROWS);
  const written = columns.filter(({ isPicture }) => isPicture !== true);
  const table = [
    line(written.map(({ title }) => plain(title))),
    line(written.map(({ align }) => (align === "number" ? "---:" : "---"))),
    ...shown.map((row) => line(row.filter((_, at) => columns[at]?.isPicture !== true).map(cellMarkdown))),
  ].join("\n");
  const left = rows.length - shown.length;
  return [plain(caption), table, ...(left === 0 ? [] : [`${left} more rows are in the HTML report.`])];
};

const cellMarkdown = (cell: Cell): string =>
  typeof cell === "string" ? plain(cell) : `${markOf(cell.tone)}${inline(cell.text)}`;

/** What is folded away in HTML is folded away here, too: GitHub and GitLab know the element. */
const detailsMarkdown = ({ summary, blocks }: Details): string[] => [
  `<details><summary>${plain(summary)}</summary>`,
  ...blocks.flatMap(blockMarkdown),
  "</details>",
];

const markOf = (tone: Tone | undefined): string => (tone === undefined ? "" : MARK[tone]);

const inline = (text: Inline): string =>
  typeof text === "string"
    ? plain(text)
    : text
        .map((span) => {
          if (typeof span === "string") return spaced(span, plain);
          if (span.style === "code") return code(span.text);
          return span.style === "strong"
            ? spaced(span.text, (inner) => `**${plain(inner)}**`)
            : spaced(span.text, plain);
        })
        .join("");

/** Escaping trims a text; between two pieces of a sentence the space belongs to it. */
const spaced = (text: string, write: (inner: string) => string): string => {
  const inner = text.trim();
  if (inner === "") return text === "" ? "" : " ";
  return `${/^\s/.test(text) ? " " : ""}${write(inner)}${/\s$/.test(text) ? " " : ""}`;
};
