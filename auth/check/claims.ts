import { readClaims } from "../jwt-claims.ts";
import type { ShownClaims } from "./step.ts";

/**
 * What a token says of itself, as far as a person is told: nothing that names somebody.
 * @returns null for a token that is no JWT: then nobody but its issuer can read it
 */
export const shownClaims = (token: string): ShownClaims | null => {
  const claims = readClaims(token);
  if (claims === null) return null;
  const { audience, issuer, identity, scopes, roles, expiresAtMs } = claims;
  return { audience, issuer, identity, scopes, roles, expiresAt: isoDate(expiresAtMs) };
};

const isoDate = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
