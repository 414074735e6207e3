/**
 * `MCP_SERVER_URL` (and `MCP_TOKEN`): one server, chosen without a file. If the file has an entry named `target`,
 * that entry's other keys still apply; no other server of the file is looked at.
 */

import { ConfigError } from "./config-error.ts";
import type { Lookup } from "./environment.ts";
import { isMap } from "./is-map.ts";
import type { AuthSettings } from "./settings.ts";
import { urlSchema } from "./url-schema.ts";

/** The name of the aimed server: in `servers`, in the statistics, and of its entry in the file. */
export const TARGET = "target";

export const URL_VARIABLE = "MCP_SERVER_URL";
export const TOKEN_VARIABLE = "MCP_TOKEN";

/**
 * @returns the URL aimed at, or null when `MCP_SERVER_URL` is not set
 * @throws {ConfigError} CONFIG_INVALID when it is no URL that can be used; it is never quoted, it may hold a password
 */
export const aimedUrl = (lookup: Lookup): string | null => {
  const url = lookup(URL_VARIABLE)?.trim();
  if (url === undefined) return null;
  const parsed = urlSchema.safeParse(url);
  if (parsed.success) return url;
  throw new ConfigError(
    "CONFIG_INVALID",
    parsed.error.issues.map(({ message }) => `${URL_VARIABLE}: ${message}`),
  );
};

/** The file with its `target` as the only server, aimed at `url`. */
export const aimedValue = (value: unknown, url: string): unknown => {
  const entry = member(member(value, "servers"), TARGET);
  return { ...(isMap(value) ? value : {}), servers: { [TARGET]: isMap(entry) ? { ...entry, url } : { url } } };
};

/** `MCP_TOKEN` wins over the entry's own credential. */
export const aimedAuth = (auth: AuthSettings, lookup: Lookup): AuthSettings =>
  lookup(TOKEN_VARIABLE) === undefined
    ? auth
    : { strategy: "bearer", env: TOKEN_VARIABLE, optional: false, allowPlainHttp: auth.allowPlainHttp };

const member = (value: unknown, key: string): unknown => (isMap(value) ? value[key] : undefined);
