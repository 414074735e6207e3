/** A document as Markdown, for a pull request or a job's summary. Pictures are the sentences that tell what they show. */
import * as markdown from "../record/markdown-text.ts";
import type { Block, Cell, Details, Document, Inline, Table, Tone } from "./document.ts";
import { shownText } from "./shown-text.ts";

/** GitHub takes 65,536 characters for a comment; some are left for what a pipeline writes around. */
const MOST_LENGTH = 64_000;

interface Bounds {
  /** Of a table: one of a thousand names is read by nobody in a comment. */
  readonly rows: number;
  /** false: of what is folded away the summary alone. */
  readonly hasDetails: boolean;
}

const LEAST: Bounds = { rows: 5, hasDetails: false };
/** What is left out first, as long as the whole is too long for a comment. */
const BOUNDS: readonly Bounds[] = [
  { rows: 60, hasDetails: true },
  { rows: 20, hasDetails: true },
  { rows: 20, hasDetails: false },
  LEAST,
];

/** Of one piece of text: a name, a sentence, a sample of a failure. */
const MOST_CHARACTERS = 500;

const plain = (text: string): string => markdown.plain(shownText(text, MOST_CHARACTERS));
const code = (text: string): string => markdown.code(shownText(text, MOST_CHARACTERS));

const MARK = { good: "✅ ", warning: "⚠️ ", bad: "❌ ", quiet: "" } as const satisfies Record<Tone, string>;

/** @returns no more than a comment takes; what was left out for that is said in it */
export const documentMarkdown = (document: Document): string => {
  for (const bounds of BOUNDS) {
    const text = joined(paragraphs(document, bounds));
    if (text.length <= MOST_LENGTH) return text;
  }
  return cut(paragraphs(document, LEAST));
};

const joined = (all: readonly string[]): string => `${all.join("\n\n")}\n`;

const paragraphs = ({ title, subtitle, sections }: Document, bounds: Bounds): string[] => [
  `# ${plain(title)}`,
  inline(subtitle),
  ...sections.flatMap((section) => [
    `## ${plain(section.title)}`,
    ...section.blocks.flatMap((block) => blockMarkdown(block, bounds)),
  ]),
];

const CUT = "This is too long for a comment: the rest is in the HTML report.";

/** The answers stand first, so the end is what goes. */
const cut = (all: readonly string[]): string => {
  let left = MOST_LENGTH - CUT.length;
  const kept = all.slice(
    0,
    all.findIndex((paragraph) => {
      left -= paragraph.length + 2;
      return left < 0;
    }),
  );
  return joined([...kept, CUT]);
};

/** @returns paragraphs, without the empty lines between them */
const blockMarkdown = (block: Block, bounds: Bounds): string[] => {
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
      return tableMarkdown(block, bounds);
    case "chart":
      return [`**${plain(block.title)}.** ${plain(block.says)}`];
    case "details":
      return detailsMarkdown(block, bounds);
  }
};

const tableMarkdown = ({ caption, columns, rows }: Table, bounds: Bounds): string[] => {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, bounds.rows);
  const shownColumns = columns.filter(({ isPicture }) => isPicture !== true);
  const table = [
    line(shownColumns.map(({ title }) => plain(title))),
    line(shownColumns.map(({ align }) => (align === "number" ? "---:" : "---"))),
    ...shown.map((row) => line(row.filter((_, at) => columns[at]?.isPicture !== true).map(cellMarkdown))),
  ].join("\n");
  const left = rows.length - shown.length;
  return [plain(caption), table, ...(left === 0 ? [] : [`${left} more rows are in the HTML report.`])];
};

const cellMarkdown = (cell: Cell): string =>
  typeof cell === "string" ? plain(cell) : `${markOf(cell.tone)}${inline(cell.text)}`;

/** What is folded away in HTML is folded away here, too: GitHub and GitLab know the element. */
const detailsMarkdown = ({ summary, blocks }: Details, bounds: Bounds): string[] =>
  bounds.hasDetails
    ? [
        `<details><summary>${plain(summary)}</summary>`,
        ...blocks.flatMap((block) => blockMarkdown(block, bounds)),
        "</details>",
      ]
    : [`${plain(summary)}: in the HTML report.`];

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
