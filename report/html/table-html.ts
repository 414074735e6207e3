/** A table in a region of its own that scrolls sideways. The page's script makes it sortable and folds its later rows. */
import type { Cell, Table } from "../document.ts";
import { htmlText } from "./html-text.ts";
import { inlineHtml, toneClass } from "./inline-html.ts";
import { shapeSvg } from "./shape-svg.ts";

/** Names of servers' tools are the longest that stand here. */
const MOST_IN_CELL = 300;

type Column = Table["columns"][number];

export const tableHtml = ({ caption, columns, rows, shownRows }: Table): string => {
  const fold = shownRows === undefined || rows.length <= shownRows ? "" : ` data-shown-rows="${shownRows}"`;
  return `<div class="scroll" role="region" tabindex="0" aria-label="${htmlText(caption)}"><table${fold}>
<caption><span>${htmlText(caption)}</span></caption>
<thead><tr>${columns.map(headHtml).join("")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((cell, at) => cellHtml(cell, columns[at], at === 0)).join("")}</tr>`).join("\n")}
</tbody></table></div>${hintsHtml(columns)}`;
};

const headHtml = ({ title, align, isPicture }: Column): string => {
  const name = isPicture === true ? "picture" : align === "number" ? "number" : "";
  return `<th scope="col"${name === "" ? "" : ` class="${name}"`}>${htmlText(title)}</th>`;
};

/** The first cell names its row. */
const cellHtml = (cell: Cell, column: Column | undefined, isFirst: boolean): string => {
  const { text, tone, sort, shape } = typeof cell === "string" ? { text: cell } : cell;
  const classes = toneClass(tone, column?.align === "number" ? "number" : "");
  const sorted = sort !== undefined && Number.isFinite(sort) ? ` data-sort="${sort}"` : "";
  const content = `${shape === undefined ? "" : shapeSvg(shape)}${inlineHtml(text, MOST_IN_CELL)}`;
  return isFirst ? `<th scope="row"${classes}${sorted}>${content}</th>` : `<td${classes}${sorted}>${content}</td>`;
};

/** A hint that only a mouse can find is none. */
const hintsHtml = (columns: readonly Column[]): string => {
  const told = columns.flatMap(({ title, hint }) =>
    hint === undefined ? [] : `<div><dt>${htmlText(title)}</dt><dd>${htmlText(hint)}</dd></div>`,
  );
  if (told.length === 0) return "";
  return `<details class="hints"><summary>What the columns mean</summary><dl class="facts">${told.join("")}</dl></details>`;
};
