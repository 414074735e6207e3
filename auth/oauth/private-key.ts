/** The private key of a client assertion (RFC 7523), from the forms in which people keep one. */

import { createPrivateKey, type KeyObject } from "node:crypto";
import type { CryptoKey } from "oauth4webapi";
import { AuthError } from "../auth-error.ts";
import { parseObject } from "../discovery/metadata.ts";

/** How each algorithm signs (RFC 7518, section 3.1; RFC 8037, section 3.1), and with what kind of key. */
const ALGORITHMS = {
  RS256: { keyType: "rsa", curve: null, webCrypto: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } },
  PS256: { keyType: "rsa", curve: null, webCrypto: { name: "RSA-PSS", hash: "SHA-256" } },
  ES256: { keyType: "ec", curve: "prime256v1", webCrypto: { name: "ECDSA", namedCurve: "P-256" } },
  EdDSA: { keyType: "ed25519", curve: null, webCrypto: { name: "Ed25519" } },
} as const;

export type SigningAlgorithm = keyof typeof ALGORITHMS;
export const SIGNING_ALGORITHMS = Object.keys(ALGORITHMS) as [SigningAlgorithm, ...SigningAlgorithm[]];

export interface SigningKey {
  readonly key: CryptoKey;
  readonly algorithm: SigningAlgorithm;
  /** `kid` of the assertion; null when nobody said. */
  readonly keyId: string | null;
}

/** RFC 7518, section 3.3. */
const LEAST_RSA_BITS = 2048;

/**
 * @param text PEM (PKCS #8, PKCS #1, SEC 1), also with `\n` written out as in many a variable, or a JWK
 * @param algorithm null: the first that goes with the key
 * @throws {AuthError} AUTH_KEY; no part of the key is in it, nor in its cause
 */
export const signingKey = (text: string, algorithm: SigningAlgorithm | null, keyId: string | null): SigningKey => {
  const jwk = parseObject(text);
  const key = keyObject(text, jwk);
  const fitting = SIGNING_ALGORITHMS.filter((name) => isFitting(key, name));
  const chosen = algorithm === null ? fitting[0] : fitting.find((name) => name === algorithm);
  if (chosen === undefined) {
    const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
    throw new AuthError("AUTH_KEY", { why: `a key of kind ${kind} cannot sign ${algorithm ?? "any assertion"}` });
  }
  return {
    key: key.toCryptoKey(ALGORITHMS[chosen].webCrypto, false, ["sign"]),
    algorithm: chosen,
    keyId: keyId ?? (typeof jwk?.kid === "string" ? jwk.kid : null),
  };
};

const isFitting = (key: KeyObject, name: SigningAlgorithm): boolean => {
  const { keyType, curve } = ALGORITHMS[name];
  return key.asymmetricKeyType === keyType && (curve === null || key.asymmetricKeyDetails?.namedCurve === curve);
};

const keyObject = (text: string, jwk: Readonly<Record<string, unknown>> | null): KeyObject => {
  let key: KeyObject;
  try {
    key =
      jwk === null
        ? createPrivateKey(text.replaceAll("\\n", "\n"))
        : createPrivateKey({ key: { ...jwk }, format: "jwk" });
  } catch {
    // OpenSSL's error is left out: it may quote what it could not read.
    throw new AuthError("AUTH_KEY", { why: "it is neither an unencrypted PEM private key nor a private JWK" });
  }
  if (key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS) {
    throw new AuthError("AUTH_KEY", { why: `an RSA key of less than ${LEAST_RSA_BITS} bits` });
  }
  return key;
};
