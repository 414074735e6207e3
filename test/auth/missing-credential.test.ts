import { expect, test } from "vitest";
import { missingCredential } from "../../auth/missing-credential.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { FakeWorld } from "./fake-world.ts";

const world = new FakeWorld({
  "/there": "token",
  "/empty": "\n",
  "/locked": null,
  "/list": "file\n/there\n/nowhere\n",
});
const missing = (auth: AuthSettings): string | null =>
  missingCredential({ auth }, { folder: "/" }, (name) => ({ SET: "x", BROKEN: "a\u0000b" })[name], world.readFile);

test.each<[string, AuthSettings, string | null]>([
  ["no credential needed", { strategy: "none" }, null],
  ["a variable that is set", { strategy: "bearer", env: "SET", optional: false }, null],
  ["a variable that is not", { strategy: "bearer", env: "UNSET", optional: false }, "UNSET"],
  ["an optional one that is not", { strategy: "bearer", env: "UNSET", optional: true }, null],
  ["a file that is there", { strategy: "bearer", file: "/there", optional: false }, null],
  ["a file that is not", { strategy: "bearer", file: "/nowhere", optional: false }, "/nowhere"],
  ["an empty file", { strategy: "bearer", file: "/empty", optional: false }, "/empty"],
  ["a file that cannot be read", { strategy: "bearer", file: "/locked", optional: false }, "/locked"],
  ["identities that are all there", { strategy: "bearer", optional: false, identities: { env: ["SET"] } }, null],
  ["identities of which one is not", { strategy: "bearer", optional: false, identities: { env: ["SET", "B"] } }, "B"],
  ["a list that is not there", { strategy: "bearer", optional: false, identities: { csv: "/users" } }, "/users"],
  ["a list that cannot be read", { strategy: "bearer", optional: false, identities: { csv: "/locked" } }, "/locked"],
  ["a list whose row is not there", { strategy: "bearer", optional: false, identities: { csv: "/list" } }, "/nowhere"],
  ["a broken list: there, and told when it is used", { strategy: "bearer", identities: { csv: "/there" } }, null],
  ["a list that only the strategy can make", { strategy: "keyvault", identities: { prefix: "a-" } }, null],
  ["a broken token: there, and told when it is used", { strategy: "bearer", env: "BROKEN", optional: false }, null],
])("%s", (_name, auth, name) => {
  expect(missing(auth)).toBe(name);
});
