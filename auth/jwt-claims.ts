/**
 * What a JWT says of itself. Read, never verified: it decides nothing about who may do what. It is for people
 * (`auth check`) and for a guess at how long a token lives (jwt-life.ts).
 */

/** Far above any token that a header can carry. */
const LONGEST_TOKEN = 64 * 1024;
const LONGEST_TEXT = 300;
const MOST_VALUES = 20;

/** Dates are the issuer's, ms since 1970. Texts are printable, and bounded in length and number. */
export interface Claims {
  readonly expiresAtMs: number | null;
  readonly issuedAtMs: number | null;
  readonly issuer: string | null;
  readonly audience: readonly string[];
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /**
   * Whether it stands for a person or a program; null when it does not say. Entra: `xms_mirid` (of managed identities alone),
   * `idtyp`, else scopes or roles.
   */
  readonly identity: "app" | "managed identity" | "user" | null;
}

/** @returns null when the token is no JWT (RFC 7519, section 3.1: three parts, the middle one holds the claims) */
export const readClaims = (token: string): Claims | null => {
  const claims = payloadOf(token);
  if (claims === null) return null;
  const roles = texts(claims.roles);
  const scope = claims.scp ?? claims.scope;
  return {
    expiresAtMs: dateMs(claims.exp),
    issuedAtMs: dateMs(claims.iat),
    issuer: text(claims.iss),
    audience: texts(claims.aud),
    roles,
    scopes: texts(typeof scope === "string" ? scope.split(" ") : scope),
    identity: identityOf(claims, roles),
  };
};

/** Entra's id of whoever the token stands for, as roles are assigned to it; null when it does not say. */
export const objectIdOf = (token: string): string | null => {
  const id = payloadOf(token)?.oid;
  return typeof id === "string" && OBJECT_ID.test(id) ? id : null;
};

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const payloadOf = (token: string): Readonly<Record<string, unknown>> | null => {
  const parts = token.length > LONGEST_TOKEN ? [] : token.split(".");
  const [, body] = parts;
  if (parts.length !== 3 || body === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims) ? { ...claims } : null;
  } catch {
    return null; // Three parts by chance. The parser's error would quote them.
  }
};

const identityOf = (
  { idtyp, scp, xms_mirid }: Readonly<Record<string, unknown>>,
  roles: readonly string[],
): Claims["identity"] => {
  if (typeof xms_mirid === "string") return "managed identity";
  if (idtyp === "app" || idtyp === "user") return idtyp;
  if (typeof scp === "string") return "user";
  return roles.length > 0 ? "app" : null;
};

/** RFC 7519, section 2, NumericDate: seconds since 1970. What is no date counts as absent. */
const dateMs = (claim: unknown): number | null =>
  typeof claim === "number" && claim > 0 && claim < 1e11 ? claim * 1000 : null;

const text = (claim: unknown): string | null => texts(claim)[0] ?? null;

const texts = (claim: unknown): readonly string[] =>
  [claim]
    .flat()
    .slice(0, MOST_VALUES)
    .filter((value): value is string => typeof value === "string" && value !== "")
    .map((value) => value.replace(/[^\x20-\x7e]/g, "?").slice(0, LONGEST_TEXT));
