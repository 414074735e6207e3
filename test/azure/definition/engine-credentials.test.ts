import { expect, test } from "vitest";
import { IDENTITY, OTHER_IDENTITY } from "./configurations.ts";
import { define } from "./project.ts";

const withAuth = (auth: string, azure: string, files: Readonly<Record<string, string>> = {}) =>
  define({ servers: `servers:\n  learn:\n    url: https://learn.example.com/mcp\n    auth: ${auth}\n`, azure, files });

const ENTRA = "{ strategy: entra, scope: api://a/.default, credential: { use: CREDENTIAL } }";

test.each(["auto", "managed-identity", "[azure-cli, managed-identity]"])(
  "credential %s finds the engines' own identity",
  (use) => {
    const { warnings, targets } = withAuth(ENTRA.replace("CREDENTIAL", use), "  identities: { engine: system }\n");
    expect(warnings).toEqual([]);
    expect(targets).toMatchObject([{ missing: null }]);
  },
);

test.each(["auto", "environment"])("credential %s finds a client in the engines' variables", (use) => {
  const { warnings } = withAuth(
    ENTRA.replace("CREDENTIAL", use),
    `  env: { AZURE_TENANT_ID: contoso.example, AZURE_CLIENT_ID: tester }
  secrets: { AZURE_CLIENT_SECRET: https://my-vault.vault.azure.net/secrets/client }
`,
  );
  expect(warnings).toEqual([]);
});

test("with several identities on the engines, it is asked whose token is meant", () => {
  const two = `  identities: { engine: [${IDENTITY}, ${OTHER_IDENTITY}] }\n`;
  expect(withAuth(ENTRA.replace("CREDENTIAL", "managed-identity"), two).warnings).toEqual([
    expect.stringMatching(/^learn: the engines have 2 identities, and credential says no clientId/),
  ]);
  expect(withAuth(ENTRA.replace("CREDENTIAL", "managed-identity, clientId: one"), two).warnings).toEqual([]);
});

test("a secret in a vault needs an identity, the same secret in a variable does not", () => {
  const oauth = (secret: string): string =>
    `{ strategy: oauth, clientId: a, clientSecret: ${secret}, tokenEndpoint: "https://login.example.com/token" }`;
  expect(() => withAuth(oauth("{ vault: my-vault, secret: s }"), "")).toThrow("faults");
  const azure = "  secrets: { OAUTH: https://my-vault.vault.azure.net/secrets/s }\n";
  expect(withAuth(oauth("{ env: OAUTH }"), azure).targets).toMatchObject([{ missing: null }]);
});

test("a program that Python runs may be there, and a warning says what it needs", () => {
  const { warnings } = withAuth(
    "{ strategy: command, run: [python3, token.py] }",
    "  configurationFiles: [token.py]\n",
    { "token.py": "print(1)\n" },
  );
  expect(warnings).toEqual([expect.stringMatching(/^learn: its token comes from a program that python3 runs/)]);
});

test("a token for each of several identities must be there, all of them", () => {
  const auth = "{ strategy: bearer, identities: { env: [ONE, TWO] } }";
  const secret = (name: string): string => `${name}: https://my-vault.vault.azure.net/secrets/${name.toLowerCase()}`;
  expect(withAuth(auth, `  secrets: { ${secret("ONE")}, ${secret("TWO")} }\n`).targets).toMatchObject([
    { missing: null },
  ]);
  expect(() => withAuth(auth, `  secrets: { ${secret("ONE")} }\n`)).toThrow("faults");
});
