import { AuthError } from "../auth-error.ts";
import type { ProtectedResource } from "./protected-resource.ts";

/**
 * The issuer that a client secret may be shown to: the one that the user has named, and no other. A server's word alone
 * never decides where a secret goes; otherwise any server under test could have it sent to itself.
 * @param expected the user's `issuer`; undefined when there is none
 * @param resource what the server publishes; null when it publishes nothing
 * @throws {AuthError} AUTH_UNTRUSTED when the two differ or the user named none, AUTH_UNDISCOVERED when nobody did
 */
export const expectedIssuer = (expected: string | undefined, resource: ProtectedResource | null): string => {
  const named = resource?.authorizationServers ?? [];
  if (expected !== undefined) {
    // A server that publishes nothing says nothing against it.
    if (named.length === 0 || named.includes(expected)) return expected;
    throw new AuthError("AUTH_UNTRUSTED", {
      place: resource?.place ?? "",
      why: `it names ${listed(named)}, loadtest.yaml expects issuer: ${expected}`,
    });
  }
  if (resource === null || named.length === 0) {
    throw new AuthError("AUTH_UNDISCOVERED", {
      ...(resource === null ? {} : { place: resource.place }),
      why: "it names no authorization server; give issuer or tokenEndpoint in loadtest.yaml",
    });
  }
  throw new AuthError("AUTH_UNTRUSTED", {
    place: resource.place,
    why: `it names ${listed(named)}; no secret goes there unless loadtest.yaml says issuer: ${named[0]?.slice(0, 200)}`,
  });
};

const listed = (issuers: readonly string[]): string =>
  issuers
    .slice(0, 3)
    .map((issuer) => issuer.slice(0, 200))
    .join(", ");
