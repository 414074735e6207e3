/** Untrusted text as a page shows it: bounded, without control characters, direction marks and towers of accents. */
import { printable, shortened } from "../record/text-table.ts";

/** @param most characters; of a longer text both ends are kept */
export const shownText = (text: string, most: number): string =>
  // Shortened before, too: a text may be megabytes long.
  shortened(printable(shortened(text, 4 * most)), most)
    .replaceAll(/(\p{M}{3})\p{M}+/gu, "$1")
    .toWellFormed();
