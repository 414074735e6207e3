/** The server's own word on how it is authorized: protected resource metadata (RFC 9728). */

import { AuthError } from "../auth-error.ts";
import { type Challenge, scopesIn } from "./challenge.ts";
import { type Finder, fetchMetadata, type Metadata, textsIn, wellKnown } from "./metadata.ts";

export interface ProtectedResource {
  /** Where the document was. */
  readonly place: string;
  /** What tokens for it are asked for (RFC 8707): the server's URL, or the part of it that all its paths share. */
  readonly resource: string;
  /** Issuers, the server's own word. Nothing secret goes to one of them that the user has not named too. */
  readonly authorizationServers: readonly string[];
  readonly scopesSupported: readonly string[];
}

/** Far above any real document; a list of thousands would be a list of errands. */
const MOST_SERVERS = 10;
const MOST_SCOPES = 200;

/**
 * @param challenge of the server's 401. Its `resource_metadata` is the place when it has one (RFC 9728, section 5.1),
 * and then the only one; else the well-known places are tried, the one with the path first (section 3.1)
 * @returns null when the server publishes nothing
 * @throws {AuthError} AUTH_UNTRUSTED when the document is about another resource, or its place may not be gone to;
 * AUTH_INVALID, AUTH_UNREACHABLE, AUTH_THROTTLED
 */
export const findProtectedResource = async (
  challenge: Challenge | null,
  finder: Finder,
): Promise<ProtectedResource | null> => {
  const named = new Set(challenge?.resourceMetadata ?? []);
  if (named.size > 1 || (challenge?.resourceMetadata.length ?? 0) > 1) {
    throw new AuthError("AUTH_UNTRUSTED", { place: originOf(finder), why: "its 401 names resource_metadata twice" });
  }
  for (const place of named.size > 0 ? named : wellKnownPlaces(finder.server.url)) {
    const metadata = await fetchMetadata(place, "claimed", finder);
    if (metadata !== null) return resourceOf(metadata, place, finder.server.url);
  }
  return null;
};

const originOf = ({ server }: Finder): string => new URL(server.url).origin;

const wellKnownPlaces = (serverUrl: string): readonly string[] => {
  const url = new URL(serverUrl);
  const name = "oauth-protected-resource";
  return [...new Set([wellKnown(url, name), wellKnown(new URL(url.origin), name)])];
};

const resourceOf = (metadata: Metadata, place: string, serverUrl: string): ProtectedResource => {
  const { resource } = metadata;
  if (typeof resource !== "string" || !covers(resource, serverUrl)) {
    const named = textsIn([resource], 1)?.[0];
    throw new AuthError("AUTH_UNTRUSTED", {
      place,
      why: named === undefined ? "it names no resource" : `its resource is ${shown(named)}, not this server`,
    });
  }
  return {
    place,
    resource,
    authorizationServers: textsIn(metadata.authorization_servers, MOST_SERVERS) ?? [],
    scopesSupported: scopesIn((textsIn(metadata.scopes_supported, MOST_SCOPES) ?? []).join(" ")),
  };
};

/**
 * Whether a document about `resource` speaks for the server: the same origin, its path the server's or the beginning of
 * it by whole segments (RFC 9728, section 3.3, made wider as the MCP specification does: a host may hold one document).
 */
const covers = (resource: string, serverUrl: string): boolean => {
  const named = URL.parse(resource);
  const server = new URL(serverUrl);
  if (named === null || named.origin !== server.origin || named.hash !== "" || named.search !== "") return false;
  if (named.username !== "" || named.password !== "") return false;
  const path = named.pathname.replace(/\/$/, "");
  return server.pathname === path || server.pathname.startsWith(`${path}/`);
};

/** A stranger's URL as far as it may be shown. */
const shown = (text: string): string => {
  const url = URL.parse(text);
  return url === null ? "no URL" : (url.origin + url.pathname).slice(0, 200);
};
