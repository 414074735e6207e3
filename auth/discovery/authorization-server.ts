/**
 * An authorization server's own metadata (RFC 8414, OpenID Connect Discovery 1.0). Which issuer may be asked is not
 * decided here: `expected-issuer.ts` does.
 */

import { AuthError } from "../auth-error.ts";
import { allowedUrl } from "../http/allowed-url.ts";
import type { Trust } from "../http/http-question.ts";
import { type Finder, fetchMetadata, type Metadata, textsIn, wellKnown } from "./metadata.ts";

export interface AuthorizationServer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** Decides how far a request to the endpoint may go: the user's issuer speaks for its own origin only. */
  readonly tokenEndpointTrust: Trust;
  /** `token_endpoint_auth_methods_supported`; null when it does not say. */
  readonly authMethods: readonly string[] | null;
}

/**
 * @param issuer as the user wrote it
 * @throws {AuthError} AUTH_UNDISCOVERED when it publishes nothing, AUTH_UNTRUSTED when the document is another
 * issuer's or its token endpoint may not be gone to; AUTH_INVALID, AUTH_UNREACHABLE, AUTH_THROTTLED
 */
export const findAuthorizationServer = async (issuer: string, finder: Finder): Promise<AuthorizationServer> => {
  for (const place of placesOf(issuer)) {
    const metadata = await fetchMetadata(place, "given", finder);
    if (metadata !== null) return serverOf(metadata, place, issuer, finder);
  }
  throw new AuthError("AUTH_UNDISCOVERED", {
    place: issuer,
    why: "it publishes no metadata; give tokenEndpoint beside issuer",
  });
};

/** In the order of the MCP specification: RFC 8414 with the path inserted, the same for OpenID, OpenID as it was born. */
const placesOf = (issuer: string): readonly string[] => {
  const url = new URL(issuer);
  return [
    ...new Set([
      wellKnown(url, "oauth-authorization-server"),
      wellKnown(url, "openid-configuration"),
      `${url.origin}${url.pathname.replace(/\/$/, "")}/.well-known/openid-configuration`,
    ]),
  ];
};

const serverOf = (metadata: Metadata, place: string, issuer: string, finder: Finder): AuthorizationServer => {
  // RFC 8414, section 3.3: identical, not merely alike; otherwise one tenant of a host could speak for another.
  if (metadata.issuer !== issuer) {
    const [named = "nobody"] = textsIn([metadata.issuer], 1) ?? [];
    throw new AuthError("AUTH_UNTRUSTED", { place, why: `its issuer is ${named.slice(0, 200)}, expected ${issuer}` });
  }
  const [tokenEndpoint] = textsIn([metadata.token_endpoint], 1) ?? [];
  if (tokenEndpoint === undefined) throw new AuthError("AUTH_INVALID", { place, why: "it names no token_endpoint" });
  const tokenEndpointTrust = URL.parse(tokenEndpoint)?.origin === new URL(issuer).origin ? "given" : "claimed";
  allowedUrl({ url: tokenEndpoint, trust: tokenEndpointTrust, server: finder.server });
  return {
    issuer,
    tokenEndpoint,
    tokenEndpointTrust,
    authMethods: textsIn(metadata.token_endpoint_auth_methods_supported, 50),
  };
};
