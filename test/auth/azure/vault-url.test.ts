import { expect, test } from "vitest";
import { isKnownVault, vaultUrl } from "../../../auth/azure/vault-url.ts";

test.each([
  ["my-vault", "https://my-vault.vault.azure.net"],
  ["My-Vault", "https://my-vault.vault.azure.net"],
  ["https://v.vault.usgovcloudapi.net/", "https://v.vault.usgovcloudapi.net"],
  ["https://127.0.0.1:8443", "https://127.0.0.1:8443"],
])("%j is the vault %s", (text, url) => expect(vaultUrl(text)).toBe(url));

test.each([
  "",
  "ab",
  "1vault",
  "a--b",
  "vault-",
  "http://127.0.0.1:8080",
  "https://v.vault.azure.net/secrets/x",
  "https://user@v.vault.azure.net",
  "https://v.vault.azure.net?x=1",
  "a.b",
])("%j is none", (text) => expect(vaultUrl(text)).toBeNull());

test("only a vault of Azure's own clouds is known, by its whole suffix", () => {
  expect(isKnownVault("https://v.vault.azure.net")).toBe(true);
  expect(isKnownVault("https://v.managedhsm.azure.cn")).toBe(true);
  expect(isKnownVault("https://vault.azure.net")).toBe(false);
  expect(isKnownVault("https://v.vault.azure.net.evil.example")).toBe(false);
  expect(isKnownVault("https://evilvault.azure.net")).toBe(false);
});
