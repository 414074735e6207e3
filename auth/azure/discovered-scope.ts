/**
 * The scope of Entra that a server under test says it wants. Its word alone decides what a token is for, so it may only
 * ask for what is its own: a server that is hostile must not get a token for somebody else's service.
 */

import { AuthError } from "../auth-error.ts";
import type { Challenge } from "../discovery/challenge.ts";
import { findProtectedResource, type ProtectedResource } from "../discovery/protected-resource.ts";
import { askUnauthorized } from "../discovery/unauthorized.ts";
import type { Surroundings } from "../world.ts";
import type { AzureCredentialSettings } from "./credential-schema.ts";
import { isAskersService, microsoftResource } from "./microsoft-resources.ts";

/** Hosts under which Entra issues tokens, of all clouds. */
const ENTRA_HOSTS = [
  "login.microsoftonline.com",
  "login.microsoft.com",
  "login.windows.net",
  "sts.windows.net",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.chinacloudapi.cn",
];

/** How Entra writes a resource. `openid` and its like are about the person and name none. */
const RESOURCE = /^(?:https:\/\/[^/]|api:\/\/[^/]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/i;

const PIN = "give scope in loadtest.yaml if that is right";

/**
 * @returns `<resource>/.default`
 * @throws {AuthError} AUTH_UNDISCOVERED when the server does not say or says several, AUTH_UNTRUSTED when its issuer is
 * not Entra or the resource is not its own; what the discovery throws
 */
export const discoveredScope = async (
  credential: AzureCredentialSettings,
  { http, server, lookup, monotonicMs }: Pick<Surroundings, "http" | "server" | "lookup" | "monotonicMs">,
): Promise<string> => {
  const finder = { http, server, monotonicMs };
  const { status, challenge } = await askUnauthorized(finder);
  if (status !== 401) {
    const why = `HTTP ${status} instead of 401 to a request without a credential; ${PIN}`;
    throw new AuthError("AUTH_UNDISCOVERED", { place: placeOf(server.url), status, why });
  }
  const resource = await findProtectedResource(challenge, finder);
  if (resource === null) {
    const why = `it publishes no protected resource metadata; ${PIN}`;
    throw new AuthError("AUTH_UNDISCOVERED", { place: placeOf(server.url), why });
  }
  checkIssuer(resource, credential.authorityHost ?? lookup("AZURE_AUTHORITY_HOST"));
  return `${ownResource(challenge, resource, server.url)}/.default`;
};

const placeOf = (url: string): string => new URL(url).origin + new URL(url).pathname;

const checkIssuer = ({ authorizationServers, place }: ProtectedResource, authorityHost: string | undefined): void => {
  const hosts = [...ENTRA_HOSTS, ...(authorityHost === undefined ? [] : [URL.parse(authorityHost)?.host])];
  const isEntra = (issuer: string): boolean => {
    const url = URL.parse(issuer);
    return url?.protocol === "https:" && hosts.includes(url.host);
  };
  if (!authorizationServers.some(isEntra)) {
    throw new AuthError("AUTH_UNTRUSTED", {
      place,
      why: `none of its authorization servers is Microsoft Entra; ${PIN}`,
    });
  }
};

/** The challenge's scopes are what this request wants; the metadata's are all that there are. */
const ownResource = (
  challenge: Challenge | null,
  { scopesSupported, place }: ProtectedResource,
  url: string,
): string => {
  const wanted = resourcesIn(challenge?.scope?.split(" ") ?? []);
  const resources = wanted.length > 0 ? wanted : resourcesIn(scopesSupported);
  const [resource, another] = resources;
  if (resource === undefined || another !== undefined) {
    const why = `it names ${resource === undefined ? "no" : "more than one"} resource of Entra; ${PIN}`;
    throw new AuthError("AUTH_UNDISCOVERED", { place, why });
  }
  const { hostname } = new URL(url);
  if (isAskersService(resource, hostname)) return resource;
  const opens = microsoftResource(resource);
  if (opens !== null) {
    throw new AuthError("AUTH_UNTRUSTED", { place, why: `it asks for a token for ${opens}; ${PIN}` });
  }
  // `api://` and a bare id are anybody's: nothing in them says that they are this server's.
  const named = URL.parse(resource);
  if (named?.protocol !== "https:" || named.hostname !== hostname) {
    const shown = resource.slice(0, 200);
    const why = `it asks for a token for ${shown}, which need not be its own; if it is, pin it: scope: ${shown}/.default`;
    throw new AuthError("AUTH_UNTRUSTED", { place, why });
  }
  return resource;
};

/** A scope of Entra is a resource, a slash and a permission; `https://host//.default` keeps the slash of its resource. */
const resourcesIn = (scopes: readonly string[]): readonly string[] => {
  const resources = scopes.map((scope) => scope.slice(0, scope.lastIndexOf("/")));
  return [...new Set(resources.filter((resource) => RESOURCE.test(resource)))];
};
