import { constants, type KeyObject, verify } from "node:crypto";

/** How an authorization server checks a client's assertion (RFC 7523, section 3), with no leeway that it need not have. */

export interface AssertionRules {
  readonly clientId: string;
  readonly publicKey: KeyObject;
  readonly algorithm: string;
  readonly keyId: string | null;
  /** One of these has to be its audience. */
  readonly audiences: readonly string[];
  readonly nowMs: number;
  /** `jti` of all assertions that were ever taken; the new one is added. */
  readonly usedIds: Set<string>;
}

const LEEWAY_S = 5;
const LONGEST_LIFE_S = 300;

/** @returns what is wrong with it, or null */
export const assertionFault = (assertion: string, rules: AssertionRules): string | null => {
  const [head = "", payload = "", signature = "", ...rest] = assertion.split(".");
  if (rest.length > 0) return "not three parts";
  const header = decoded(head);
  const claims = decoded(payload);
  if (header?.alg !== rules.algorithm) return `alg ${String(header?.alg)}`;
  if (rules.keyId !== null && header.kid !== rules.keyId) return `kid ${String(header.kid)}`;
  if (!isSigned(`${head}.${payload}`, Buffer.from(signature, "base64url"), rules)) return "signature";
  if (claims?.iss !== rules.clientId || claims.sub !== rules.clientId) return "iss or sub";
  const audiences = [claims.aud].flat();
  if (audiences.length !== 1 || !rules.audiences.includes(String(audiences[0]))) return `aud ${String(claims.aud)}`;
  const nowS = rules.nowMs / 1000;
  const { exp, iat, nbf, jti } = claims;
  if (typeof exp !== "number" || exp <= nowS || exp > nowS + LONGEST_LIFE_S) return "exp";
  if (typeof iat !== "number" || iat > nowS + LEEWAY_S || iat < nowS - LONGEST_LIFE_S) return "iat";
  if (nbf !== undefined && (typeof nbf !== "number" || nbf > nowS)) return "nbf";
  if (typeof jti !== "string" || jti === "" || rules.usedIds.has(jti)) return "jti";
  rules.usedIds.add(jti);
  return null;
};

const isSigned = (text: string, signature: Buffer, { publicKey, algorithm }: AssertionRules): boolean => {
  const data = Buffer.from(text);
  switch (algorithm) {
    case "RS256":
      return verify("sha256", data, publicKey, signature);
    case "PS256": {
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      return verify("sha256", data, { key: publicKey, ...padding }, signature);
    }
    case "ES256":
      return verify("sha256", data, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
    case "EdDSA":
      return verify(null, data, publicKey, signature);
    default:
      return false;
  }
};

const decoded = (part: string): Readonly<Record<string, unknown>> | null => {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  } catch {
    return null; // Not JSON: then nothing in it is as it should be.
  }
};
