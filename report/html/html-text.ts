/** Untrusted text in HTML: nothing in it is markup, a control or long enough to fill a page. */
import { printable, shortened } from "../../record/text-table.ts";

/** Of a sentence or a sample; a cell of a table is bounded by its width as well (report/page/page.css). */
const MOST_CHARACTERS = 2000;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Fit for an element's content and for an attribute in quotes. */
export const htmlText = (text: string, most = MOST_CHARACTERS): string =>
  shownText(text, most).replaceAll(/[&<>"']/g, (each) => ENTITIES[each] ?? "");

/** The same for what is not markup, such as the charts' data: bounded, without direction marks and towers of accents. */
export const shownText = (text: string, most = MOST_CHARACTERS): string =>
  shortened(printable(text.slice(0, 4 * most)), most)
    .replaceAll(/(\p{M}{3})\p{M}+/gu, "$1")
    .toWellFormed();
