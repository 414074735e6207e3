/**
 * The way to a server's tokens: endpoint, resource and scopes, given or found out. Found out once for all identities of
 * a server, and again when a fetch has failed, because an endpoint may have moved.
 */

import { type AuthorizationServer, findAuthorizationServer } from "../discovery/authorization-server.ts";
import { scopesIn } from "../discovery/challenge.ts";
import { expectedIssuer } from "../discovery/expected-issuer.ts";
import type { Finder } from "../discovery/metadata.ts";
import { findProtectedResource } from "../discovery/protected-resource.ts";
import { askUnauthorized } from "../discovery/unauthorized.ts";

export interface WayToToken {
  readonly authorizationServer: AuthorizationServer;
  /** The `resource` of a token request (RFC 8707). */
  readonly resource: string;
  /** What the server says a client needs; empty when it does not say. */
  readonly scopes: readonly string[];
}

/** What the user says about the way. */
export interface KnownWay {
  readonly issuer?: string | undefined;
  readonly tokenEndpoint?: string | undefined;
}

/** By the server's settings: they are one object for all identities, and go with their run. */
const WAYS = new WeakMap<Finder["server"], Map<string, Promise<WayToToken>>>();

/** @throws {AuthError} what finding out throws */
export const wayToToken = (known: KnownWay, finder: Finder): Promise<WayToToken> => {
  const ways = WAYS.get(finder.server) ?? new Map<string, Promise<WayToToken>>();
  WAYS.set(finder.server, ways);
  const key = keyOf(known);
  let way = ways.get(key);
  if (way === undefined) {
    way = findWay(known, finder);
    ways.set(key, way);
    // Only what was found is kept. The callers see the error; this branch of the promise must not be an unhandled one.
    const found = way;
    found.catch(() => forgetWay(found, known, finder));
  }
  return way;
};

/**
 * The next fetch finds out anew.
 * @param way the one that failed: what another identity has found out since stays
 */
export const forgetWay = (way: Promise<WayToToken>, known: KnownWay, { server }: Pick<Finder, "server">): void => {
  const ways = WAYS.get(server);
  if (ways?.get(keyOf(known)) === way) ways.delete(keyOf(known));
};

const keyOf = ({ issuer, tokenEndpoint }: KnownWay): string => JSON.stringify([issuer, tokenEndpoint]);

const findWay = async ({ issuer, tokenEndpoint }: KnownWay, finder: Finder): Promise<WayToToken> => {
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
