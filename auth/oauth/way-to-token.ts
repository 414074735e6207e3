/**
 * The way to a server's tokens: endpoint, resource and scopes, given or found out. Found out once for all identities of
 * a server, and again when it leads nowhere, because an endpoint may have moved.
 */

import { AuthError } from "../auth-error.ts";
import { type AuthorizationServer, findAuthorizationServer } from "../discovery/authorization-server.ts";
import { scopesIn } from "../discovery/challenge.ts";
import { expectedIssuer } from "../discovery/expected-issuer.ts";
import type { Finder } from "../discovery/metadata.ts";
import { findProtectedResource } from "../discovery/protected-resource.ts";
import { type Asker, askUnauthorized } from "../discovery/unauthorized.ts";

interface WayToToken {
  readonly authorizationServer: AuthorizationServer;
  /** The `resource` of a token request (RFC 8707). */
  readonly resource: string;
  /** What the server says a client needs; empty when it does not say. */
  readonly scopes: readonly string[];
}

/** What the user says about the way. */
interface KnownWay {
  readonly issuer?: string | undefined;
  readonly tokenEndpoint?: string | undefined;
}

interface Kept {
  readonly way: Promise<WayToToken>;
  /** It has led nowhere: whoever asks next finds out anew. */
  isDoubted: boolean;
}

/** By the server's settings: they are one object for all identities, and go with their run. */
const WAYS = new WeakMap<Finder["server"], Map<string, Kept>>();

/**
 * A doubted way stays when another cannot be found out, because the server under test may just be busy; not when that
 * server is no longer to be trusted.
 * @throws {AuthError} what finding out throws
 */
export const wayToToken = (known: KnownWay, finder: Asker): Promise<WayToToken> => {
  const ways = waysOf(finder);
  const key = keyOf(known);
  const former = ways.get(key);
  if (former !== undefined && !former.isDoubted) return former.way;
  const way = findWay(known, finder).catch((error: unknown) => {
    const isBusy = error instanceof AuthError && error.code !== "AUTH_UNTRUSTED";
    if (former === undefined || !isBusy) throw error;
    return former.way;
  });
  const kept = { way, isDoubted: false };
  ways.set(key, kept);
  // Only what was found is kept. The callers see the error; this branch of the promise must not be an unhandled one.
  way.catch(() => {
    if (ways.get(key) === kept) ways.delete(key);
  });
  return way;
};

/** @param way the one that failed: what another identity has found out since is not in doubt */
export const doubtWay = (way: Promise<WayToToken>, known: KnownWay, finder: Pick<Finder, "server">): void => {
  const kept = waysOf(finder).get(keyOf(known));
  if (kept?.way === way) kept.isDoubted = true;
};

const waysOf = ({ server }: Pick<Finder, "server">): Map<string, Kept> => {
  const ways = WAYS.get(server) ?? new Map<string, Kept>();
  WAYS.set(server, ways);
  return ways;
};

const keyOf = ({ issuer, tokenEndpoint }: KnownWay): string => JSON.stringify([issuer, tokenEndpoint]);

const findWay = async ({ issuer, tokenEndpoint }: KnownWay, finder: Asker): Promise<WayToToken> => {
  const resource = canonical(finder.server.url);
  if (tokenEndpoint !== undefined) {
    const authorizationServer: AuthorizationServer = {
      issuer: issuer ?? tokenEndpoint,
      tokenEndpoint,
      tokenEndpointTrust: "given",
      authMethods: null,
    };
    return { authorizationServer, resource, scopes: [] };
  }
  const { challenge } = await askUnauthorized(finder);
  const found = await findProtectedResource(challenge, finder);
  const authorizationServer = await findAuthorizationServer(expectedIssuer(issuer, found), finder);
  // The order of the MCP specification (scope selection): what the 401 asks for, else all that the resource has.
  const challenged = scopesIn(challenge?.scope ?? "");
  return {
    authorizationServer,
    resource: found?.resource ?? resource,
    scopes: challenged.length > 0 ? challenged : (found?.scopesSupported ?? []),
  };
};

/** The MCP specification's canonical URI of a server: no fragment, no query, no slash that stands alone. */
const canonical = (serverUrl: string): string => {
  const url = new URL(serverUrl);
  return url.pathname === "/" ? url.origin : url.origin + url.pathname;
};
