/** Untrusted text in HTML: nothing in it is markup, and it is shown as `shownText` has it. */
import { shownText } from "../shown-text.ts";

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
