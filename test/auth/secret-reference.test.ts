import { expect, test, vi } from "vitest";
import { missingSecret, readSecret, secretReference } from "../../auth/secret-reference.ts";
import { FakeWorld, surroundingsIn } from "./fake-world.ts";

const schema = secretReference("the secret", "NAME");
const world = new FakeWorld({ "/run/secret": " of the file\n", "/empty": "\n", "/locked": null });
const env: Record<string, string> = { NAME: " of the variable ", BLANK: "  " };

const readingIn = (learned: string[] = []) =>
  surroundingsIn(world, { lookup: (name) => env[name], learn: (secret) => void learned.push(secret) });

test.each([
  [{ env: "NAME" }, "of the variable"],
  [{ file: "/run/secret" }, "of the file"],
])("%j is %j, and known to the redactor before anybody has it", async (reference, secret) => {
  const learned: string[] = [];
  expect(await readSecret(schema.parse(reference), readingIn(learned))).toBe(secret);
  expect(learned).toEqual([secret]);
});

test("a vault is asked with its own credential, for a pinned version too", async () => {
  const secret = vi.fn(async () => ({ value: "of the vault", version: "v", expiresAtMs: null }));
  const azure = async () => ({ token: vi.fn(), secret, secretNames: vi.fn(), chosen: () => null });
  const version = "0123456789abcdef0123456789abcdef";
  const reference = schema.parse({
    vault: "my-vault",
    secret: "client",
    version,
    credential: { use: "managed-identity" },
  });
  expect(await readSecret(reference, { ...readingIn(), azure })).toBe("of the vault");
  expect(secret).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ use: "managed-identity" }), {
    vault: "https://my-vault.vault.azure.net",
    secret: "client",
    version,
  });
});

test.each([
  [{ env: "NOBODY" }, "AUTH_MISSING", "NOBODY"],
  [{ env: "BLANK" }, "AUTH_MISSING", "BLANK"],
  [{ file: "/nowhere" }, "AUTH_MISSING", "/nowhere"],
  [{ file: "/empty" }, "AUTH_MISSING", "/empty"],
  [{ file: "/locked" }, "AUTH_UNREADABLE", "/locked"],
])("%j is not there: %s", async (reference, code, place) => {
  const parsed = schema.parse(reference);
  await expect(readSecret(parsed, readingIn())).rejects.toMatchObject({ code, detail: { place } });
  expect(missingSecret(parsed, readingIn())).toBe(place);
});

test("an empty secret in a vault is told by its vault, and a vault is never missing beforehand", async () => {
  const azure = async () => ({
    token: vi.fn(),
    secret: async () => ({ value: " ", version: "v", expiresAtMs: null }),
    secretNames: vi.fn(),
    chosen: () => null,
  });
  const reference = schema.parse({ vault: "https://v.vault.azure.cn", secret: "client" });
  expect(missingSecret(reference, readingIn())).toBeNull();
  await expect(readSecret(reference, { ...readingIn(), azure })).rejects.toMatchObject({
    code: "AUTH_MISSING",
    detail: { place: "client in v.vault.azure.cn" },
  });
});
