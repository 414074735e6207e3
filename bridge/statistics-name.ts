import type { Method } from "./mcp-session.ts";

/**
 * Names in the statistics: `server:method[:target]`, unique by name alone (Azure drops the request type). The target is
 * a tool's, prompt's or resource scheme's name: never a whole URI, an id or an argument, which would make one row a call.
 */

const MAX_TARGET = 120;

/** What goes on about a credential; apart from the operations, in tables of its own. */
export type AuthMethod = "auth/token" | "auth/renewal" | "auth/401";

export const statisticsName = (
  server: string,
  method: Method | "initialize" | "server/discover" | "session/delete" | AuthMethod,
  target: string | null = null,
): string => (target === null || target === "" ? `${server}:${method}` : `${server}:${method}:${plain(target)}`);

/** What of an operation's parameters is fit for its name. `as` is the user's own choice and wins. */
export const targetOf = (method: Method, params: Readonly<Record<string, unknown>>, as: string | null): string | null =>
  as ?? TARGETS[method]?.(params) ?? null;

const name = (params: Readonly<Record<string, unknown>>): string | null =>
  typeof params.name === "string" ? params.name : null;

const scheme = (uri: unknown): string | null =>
  typeof uri === "string" ? (/^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? null) : null;

const TARGETS: Partial<Record<Method, (params: Readonly<Record<string, unknown>>) => string | null>> = {
  "tools/call": name,
  "prompts/get": name,
  "resources/read": (params) => scheme(params.uri),
  "resources/subscribe": (params) => scheme(params.uri),
  "resources/unsubscribe": (params) => scheme(params.uri),
  "completion/complete": (params) => {
    const ref = params.ref as { name?: unknown; uri?: unknown } | undefined;
    return typeof ref?.name === "string" ? ref.name : scheme(ref?.uri);
  },
};

/** Control characters and line ends would forge rows in a terminal, a CSV or the link. Seldom there, so only looked for. */
export const plain = (target: string): string =>
  PLAIN.test(target) ? target : target.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?").slice(0, MAX_TARGET);

const PLAIN = /^[\x20-\x7e]{0,120}$/;
