/** What a service says, made fit to be shown: bounded, printable, and without what stands behind the `?` of an address. */

import { printable } from "../../record/text-table.ts";

/** The query of a SAS address is its key. */
const QUERY = /(https?:\/\/[^\s"'<>?]*)\?[^\s"'<>]*/gi;

/** @param most characters; a longer text ends with `…` */
export const said = (text: string, most: number): string => {
  // Cut first, generously: the patterns need not look at megabytes.
  const clean = printable(text.slice(0, most * 4).replaceAll(QUERY, "$1"))
    .replaceAll(/\s+/g, " ")
    .trim();
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`;
};
