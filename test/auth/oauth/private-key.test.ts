import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import type { AuthError } from "../../../auth/auth-error.ts";
import { type SigningAlgorithm, signingKey } from "../../../auth/oauth/private-key.ts";
import { KEYS, pemOf } from "./protected-setting.ts";

const refusal = (text: string, algorithm: SigningAlgorithm | null = null): string => {
  try {
    signingKey(text, algorithm, null);
    return "none";
  } catch (error) {
    expect((error as AuthError).code).toBe("AUTH_KEY");
    expect((error as AuthError).cause).toBeUndefined();
    return (error as AuthError).sentence;
  }
};

test("the algorithm is that of the key's kind unless the user says another one that goes with it", () => {
  expect(signingKey(pemOf("RS256"), null, null)).toMatchObject({ algorithm: "RS256", keyId: null });
  expect(signingKey(pemOf("RS256"), "PS256", "k1")).toMatchObject({ algorithm: "PS256", keyId: "k1" });
  expect(signingKey(pemOf("ES256"), null, null)).toMatchObject({ algorithm: "ES256" });
  expect(signingKey(pemOf("EdDSA"), null, null)).toMatchObject({ algorithm: "EdDSA" });
});

test("a key is understood in every form in which people keep one, and cannot be taken out again", () => {
  const rsa = KEYS.RS256.privateKey;
  const ec = KEYS.ES256.privateKey;
  const forms = [
    rsa.export({ type: "pkcs1", format: "pem" }).toString(),
    ec.export({ type: "sec1", format: "pem" }).toString(),
    pemOf("ES256").replaceAll("\n", "\\n"),
    JSON.stringify({ ...ec.export({ format: "jwk" }), kid: "k2" }),
  ];
  const keys = forms.map((text) => signingKey(text, null, null));
  expect(keys.map(({ algorithm }) => algorithm)).toEqual(["RS256", "ES256", "ES256", "ES256"]);
  expect(keys.map(({ keyId }) => keyId)).toEqual([null, null, null, "k2"]);
  expect(keys.every(({ key }) => key.type === "private" && !(key as { extractable?: boolean }).extractable)).toBe(true);
});

test("a key that does not go with the algorithm is refused by its kind", () => {
  expect(refusal(pemOf("ES256"), "RS256")).toContain("prime256v1 cannot sign RS256");
  expect(refusal(pemOf("RS256"), "EdDSA")).toContain("rsa cannot sign EdDSA");
  const { privateKey } = generateKeyPairSync("x25519");
  expect(refusal(privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toContain("x25519 cannot sign");
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  expect(refusal(p384.export({ type: "pkcs8", format: "pem" }).toString())).toContain("secp384r1 cannot sign");
});

test("what is no private key is refused without a word of it", () => {
  const { privateKey, publicKey } = KEYS.ES256;
  const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "canary" });
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  for (const text of [
    "canary",
    "",
    "{}",
    '{"kty":"canary"}',
    String(encrypted),
    publicPem,
    pemOf("ES256").slice(0, 90),
  ]) {
    expect(refusal(text)).toContain("neither an unencrypted PEM private key nor a private JWK");
    expect(refusal(text)).not.toContain("canary");
  }
});

test("an RSA key that anybody could break is refused", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  expect(
    refusal(
      createPrivateKey(privateKey.export({ type: "pkcs1", format: "pem" }))
        .export({ type: "pkcs8", format: "pem" })
        .toString(),
    ),
  ).toContain("less than 2048 bits");
});
