/** How a client proves itself at the token endpoint: RFC 6749, section 2.3.1, and RFC 7523, section 2.2. */

import { type ClientAuth, ClientSecretPost, modifyAssertion, PrivateKeyJwt } from "oauth4webapi";
import type { SigningKey } from "./private-key.ts";

export type SecretMethod = "basic" | "post";

/** The proof with a secret. @param learn is told what the secret looks like on its way */
export const secretAuthentication = (
  secret: string,
  method: SecretMethod,
  learn: (secret: string) => void,
): ClientAuth => (method === "post" ? postWith(secret, learn) : basicWith(secret, learn));

const postWith = (secret: string, learn: (secret: string) => void): ClientAuth => {
  learn(formEncoded(secret));
  return ClientSecretPost(secret);
};

/**
 * Not the library's: it also encodes `-`, `_` and `.`, which the form encoding leaves alone, so that each server that
 * does not decode (there are many) would refuse nearly every client id.
 */
const basicWith =
  (secret: string, learn: (secret: string) => void): ClientAuth =>
  (_server, { client_id }, _body, headers) => {
    const credential = Buffer.from(`${formEncoded(client_id)}:${formEncoded(secret)}`).toString("base64");
    learn(credential);
    headers.set("authorization", `Basic ${credential}`);
  };

/** RFC 6749, appendix B. */
const formEncoded = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

/** Answers take seconds and clocks are corrected to about a second; a minute is what the RFC's authors suggest at most. */
const ASSERTION_LIVES_S = 60;

/**
 * The proof with a signed assertion, made anew for each request.
 * @param issuerNowMs the issuer's wall clock as far as it is known, ms
 */
export const assertionAuthentication = (
  { key, algorithm, keyId }: SigningKey,
  issuerNowMs: number,
  learn: (secret: string) => void,
): ClientAuth => {
  const sign = PrivateKeyJwt(keyId === null ? key : { key, kid: keyId }, {
    [modifyAssertion]: (header, payload) => {
      const nowS = Math.floor(issuerNowMs / 1000);
      payload.iat = nowS;
      payload.exp = nowS + ASSERTION_LIVES_S;
      // Optional (RFC 7523, section 3), and refused by an issuer whose clock is half a second behind.
      delete payload.nbf;
      // RFC 8037 and every server know the name EdDSA; the library writes the newer `Ed25519`.
      header.alg = algorithm;
    },
  });
  return async (server, client, body, headers) => {
    await sign(server, client, body, headers);
    learn(body.get("client_assertion") ?? "");
  };
};
