import { expect, test } from "vitest";
import { settingsInWords } from "../../../auth/check/settings-in-words.ts";
import type { AuthSettings } from "../../../config/settings.ts";

test.each<[AuthSettings, string]>([
  [{ strategy: "bearer", env: "TOKEN", optional: true, allowPlainHttp: true }, "bearer, env TOKEN"],
  [{ strategy: "command", run: ["print-token", "--key=hunter2"], timeout: 30_000 }, "command, run print-token ..."],
  [
    {
      strategy: "keyvault",
      vault: "https://v",
      secret: "s",
      reread: 900_000,
      credential: { use: ["azure-cli", "browser"] },
    },
    "keyvault, vault https://v, secret s, credential (use azure-cli browser)",
  ],
  [{ strategy: "entra", credential: { use: "auto", instanceDiscovery: true } }, "entra"],
  [
    {
      strategy: "oauth",
      clientId: { env: "ID" },
      privateKey: { vault: "https://v", secret: "k", credential: { use: "auto" } },
    },
    "oauth, clientId (env ID), privateKey (vault https://v, secret k)",
  ],
])("%j", (auth, words) => {
  expect(settingsInWords(auth)).toBe(words);
});
