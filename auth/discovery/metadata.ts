/** How a metadata document is had: a JSON object from a well-known place, or nothing where there is none. */

import { AuthError } from "../auth-error.ts";
import type { HttpQuestion, Trust } from "../http/http-question.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import type { World } from "../world.ts";

/** What finding out about a server needs of the surroundings. */
export interface Finder {
  readonly http: World["http"];
  readonly server: HttpQuestion["server"] & { readonly headers: Readonly<Record<string, string>> };
}

export type Metadata = Readonly<Record<string, unknown>>;

/**
 * @returns null when there is no document at this place: any status but 200, also a redirect, which is not followed
 * (RFC 9728 and RFC 8414 give the place of a document, not the beginning of a way)
 * @throws {AuthError} AUTH_INVALID when it is no JSON object, AUTH_UNTRUSTED, AUTH_UNREACHABLE; AUTH_THROTTLED and
 * AUTH_UNREACHABLE also for a 429 and a 5xx, which say nothing about whether there is one
 */
export const fetchMetadata = async (url: string, trust: Trust, { http, server }: Finder): Promise<Metadata | null> => {
  const answer = await http({ method: "GET", url, headers: { accept: "application/json" }, trust, server });
  const { status, body } = answer;
  const place = url.split("?")[0] ?? "";
  if (status === 429) {
    const waitMs = retryAfterMs(answer, Date.now());
    const wish = waitMs === null ? {} : { retryAfterMs: waitMs };
    throw new AuthError("AUTH_THROTTLED", { place, status, why: "HTTP 429", ...wish });
  }
  if (status >= 500) throw new AuthError("AUTH_UNREACHABLE", { place, status, why: `HTTP ${status}` });
  if (status !== 200) return null;
  const found = parseObject(body);
  if (found === null) throw new AuthError("AUTH_INVALID", { place, status, why: "its metadata is no JSON object" });
  return found;
};

/** @returns null when the text is no JSON object */
export const parseObject = (text: string): Metadata | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Metadata) : null;
  } catch {
    return null; // The text is a stranger's; that it is not JSON is the answer.
  }
};

/** A list of short texts that can be printed; whatever else is in it is left out. @returns null when there is no list */
export const textsIn = (value: unknown, most: number): readonly string[] | null =>
  Array.isArray(value)
    ? value
        .slice(0, most)
        .filter((text): text is string => typeof text === "string" && /^[\x21-\x7e]{1,2048}$/.test(text))
    : null;

/** `https://host/a/b` and `oauth-x` make `https://host/.well-known/oauth-x/a/b` (RFC 8615; RFC 8414, section 3.1). */
export const wellKnown = (url: URL, name: string): string =>
  `${url.origin}/.well-known/${name}${url.pathname.replace(/\/$/, "")}`;
