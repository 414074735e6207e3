/** Blocks as HTML, one function for each kind. */
import type { Block, Details, Facts, Figures, List, Paragraph } from "../document.ts";
import type { ChartSheet } from "./chart-sheet.ts";
import { htmlText } from "./html-text.ts";
import { inlineHtml, toneClass } from "./inline-html.ts";
import { tableHtml } from "./table-html.ts";

export const blocksHtml = (blocks: readonly Block[], charts: ChartSheet): string =>
  blocks.map((block) => blockHtml(block, charts)).join("\n");

const blockHtml = (block: Block, charts: ChartSheet): string => {
  switch (block.kind) {
    case "paragraph":
      return paragraphHtml(block);
    case "list":
      return listHtml(block);
    case "facts":
      return factsHtml(block);
    case "figures":
      return figuresHtml(block);
    case "table":
      return tableHtml(block);
    case "chart":
      return charts.place(block);
    case "details":
      return detailsHtml(block, charts);
  }
};

const paragraphHtml = ({ text, tone }: Paragraph): string =>
  `<p${toneClass(tone, tone === undefined ? "" : "note")}>${inlineHtml(text)}</p>`;

const listHtml = ({ items }: List): string =>
  `<ul>${items.map((item) => `<li>${inlineHtml(item)}</li>`).join("\n")}</ul>`;

const factsHtml = ({ rows }: Facts): string =>
  `<dl class="facts">${rows
    .map(([label, value]) => `<div><dt>${htmlText(label)}</dt><dd>${inlineHtml(value)}</dd></div>`)
    .join("\n")}</dl>`;

const figuresHtml = ({ figures }: Figures): string =>
  `<dl class="figures">${figures
    .map(({ label, value, note, tone }) => {
      const more = note === undefined ? "" : `<dd class="about">${inlineHtml(note)}</dd>`;
      return `<div${toneClass(tone)}><dt>${htmlText(label)}</dt><dd class="value">${htmlText(value)}</dd>${more}</div>`;
    })
    .join("\n")}</dl>`;

const detailsHtml = ({ summary, blocks }: Details, charts: ChartSheet): string =>
  `<details class="more"><summary>${htmlText(summary)}</summary>\n${blocksHtml(blocks, charts)}\n</details>`;
