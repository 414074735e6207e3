/** The fakes' access tokens: shaped like JWTs, so that claims can be read, and signed, so that none can be made up. */

import { createHmac, randomBytes, randomUUID } from "node:crypto";

export interface Claims {
  readonly aud: string;
  readonly iss: string;
  readonly tid: string;
  readonly appid: string;
  /** Object id of whom it stands for. */
  readonly oid?: string;
  /** Seconds, in the issuer's clock. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** Fakes of one process trust each other's tokens, and those of processes that were given the same key. */
const KEY = process.env.FAKE_TOKEN_KEY ?? randomBytes(32);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = (text: string): string => createHmac("sha256", KEY).update(text).digest("base64url");

export const mint = (claims: Omit<Claims, "jti">): string => {
  const text = `${encoded({ typ: "JWT", alg: "HS256" })}.${encoded({ ...claims, jti: randomUUID() })}`;
  return `${text}.${signed(text)}`;
};

/** @returns null when it is none of ours or has ended by the reader's clock */
export const claimsOf = (token: string, nowMs: number): Claims | null => {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || rest.length > 0) return null;
  if (signed(`${header}.${payload}`) !== signature) return null;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
  return claims.exp * 1000 > nowMs ? claims : null;
};
