/** Lists in pages, each with an absolute link to the next one. */

import type { Json } from "./merge-patch.ts";
import { invalid } from "./service-error.ts";

const MOST = 50;

/** @param sizeParameter of the query; what is asked for above 50 is not given */
export const paged = (all: readonly Json[], url: URL, sizeParameter = "maxpagesize"): Json => {
  const size = Number(url.searchParams.get(sizeParameter) ?? MOST);
  if (!Number.isInteger(size) || size < 1)
    throw invalid(`${sizeParameter} must be a whole number from 1.`, sizeParameter);
  const from = Number(url.searchParams.get("continuationToken") ?? 0);
  const to = from + Math.min(size, MOST);
  if (to >= all.length) return { value: all.slice(from) };
  const next = new URL(url);
  next.searchParams.set("continuationToken", String(to));
  return { value: all.slice(from, to), nextLink: next.href };
};
