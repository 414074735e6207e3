import { WireError } from "../outcome.ts";

/** Where each kind of list keeps its items. */
const ITEMS_OF = {
  "tools/list": "tools",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
  "prompts/list": "prompts",
} as const;

export type ListMethod = keyof typeof ITEMS_OF;

export const isListMethod = (method: string): method is ListMethod => Object.hasOwn(ITEMS_OF, method);

/** As many as the SDK's own walk takes. */
export const MAX_PAGES = 64;

type Page = Record<string, unknown>;

/**
 * All pages of a list as one, with the first page's other keys.
 * @param isTooLarge asked after each page, since the limit of an answer holds for all of them together
 * @throws {WireError} `protocol` when a cursor comes back or the pages do not end, `too-large`
 */
export const allPages = async (
  method: ListMethod,
  params: Readonly<Record<string, unknown>>,
  fetchPage: (params: Readonly<Record<string, unknown>>) => Promise<Page>,
  isTooLarge: () => boolean,
): Promise<Page> => {
  const key = ITEMS_OF[method];
  const all: Page = { ...(await fetchPage(params)) };
  const items = [...itemsOf(all, key)];
  const seen = new Set<unknown>([params.cursor]);
  let cursor = all.nextCursor;
  for (let pages = 1; cursor !== undefined; pages++) {
    if (seen.has(cursor)) throw endless("a cursor came back");
    if (isTooLarge()) throw new WireError({ reason: "too-large" });
    if (pages === MAX_PAGES) throw endless(`more than ${MAX_PAGES} pages`);
    seen.add(cursor);
    const page = await fetchPage({ ...params, cursor });
    // One by one: a page may hold more than the arguments that a call can take.
    for (const item of itemsOf(page, key)) items.push(item);
    cursor = page.nextCursor;
  }
  delete all.nextCursor;
  return { ...all, [key]: items };
};

const itemsOf = (page: Page, key: string): readonly unknown[] => {
  const items = page[key];
  return Array.isArray(items) ? items : [];
};

const endless = (detail: string): WireError => new WireError({ reason: "protocol", detail });
