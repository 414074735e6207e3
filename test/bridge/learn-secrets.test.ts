import { expect, test } from "vitest";
import { learnSecrets } from "../../bridge/learn-secrets.ts";
import { Redactor } from "../../bridge/redactor.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { serverSettings } from "../server-settings.ts";

const afterLearning = (
  entry: Partial<ServerSettings>,
  variables: Readonly<Record<string, string>> = {},
  carriedSecrets: readonly string[] = [],
) => {
  const redactor = new Redactor();
  const servers = { a: serverSettings({ url: "http://127.0.0.1:9/mcp", ...entry }) };
  const settings = {
    source: "test",
    isAimed: false,
    envFiles: [],
    folder: "/",
    servers,
    autoStop: null,
    carriedSecrets,
  };
  learnSecrets(settings, (name) => variables[name], redactor);
  return (text: string): string => redactor.clean(text);
};

test("variables that a strategy names are known; of a list those with the name of a secret, of identities all", () => {
  const auth = {
    strategy: "any",
    env: "ONE",
    program: { env: ["TOKEN_2", "HOME_OF_3"] },
    identities: { env: ["SIX"] },
    client: { secret: { env: "FOUR" }, id: "FIVE" },
  };
  const variables = {
    ONE: "value-1",
    TOKEN_2: "value-2",
    HOME_OF_3: "value-3",
    FOUR: "value-4",
    FIVE: "value-5",
    SIX: "value-6",
  };
  expect(afterLearning({ auth }, variables)("value-1 value-2 value-3 value-4 value-5 value-6")).toBe(
    "[redacted] [redacted] value-3 [redacted] value-5 [redacted]",
  );
});

test("variables that Azure's clients read by themselves are known, and the face's token", () => {
  const variables = { AZURE_CLIENT_SECRET: "hunter-2", SWARMBRIDGE_HTTP_TOKEN: "hunter-3", AZURE_TENANT_ID: "contoso" };
  expect(afterLearning({}, variables)("hunter-2 hunter-3 contoso")).toBe("[redacted] [redacted] contoso");
});

test("of headers and the URL's query those are known whose name or look is a secret's, and what came out of variables", () => {
  const clean = afterLearning(
    {
      url: "http://127.0.0.1:9/mcp?api-key=hunter-1&toolsets=repositories",
      headers: { "x-api-key": "hunter-2", "x-mcp-toolsets": "issues,repos" },
    },
    {},
    ["hunter-3"],
  );
  expect(clean("hunter-1 hunter-2 hunter-3 issues,repos repositories")).toBe(
    "[redacted] [redacted] [redacted] issues,repos repositories",
  );
});
