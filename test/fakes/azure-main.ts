/**
 * The Azure fakes as a process of their own, and an MCP server that takes their tokens for `api://mcp` and for its own host and,
 * of each of the vault's secrets, the newest version. Prints one line of JSON (URLs, ids, CA files, variables) and ends when its standard
 * input ends. A line of JSON on it changes faults meanwhile, `{"entra":{"outage":500},"lifeSeconds":20}`, and is answered
 * by a line with all counts and tokens.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FakeEntra } from "./entra.ts";
import { claimsOf } from "./entra-token.ts";
import { type Faults, TEST_CA } from "./faulty-server.ts";
import { FakeKeyVault } from "./key-vault.ts";
import { FakeManagedIdentity } from "./managed-identity.ts";
import { ProtectedMcpServer } from "./protected-mcp-server.ts";
import { TestAuthority } from "./test-tls.ts";

/** What the MCP server's tokens are for: the one by which a configuration names it, and the one that it names itself. */
const RESOURCES = ["api://mcp", "https://127.0.0.1"];
/** The only identity that there is. */
const CLIENT = "client-0";

interface Change {
  readonly entra?: Partial<Faults>;
  readonly managedIdentity?: Partial<Faults>;
  readonly keyVault?: Partial<Faults>;
  readonly lifeSeconds?: number;
  readonly put?: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(join(tmpdir(), "azure-fakes-"));
const caFile = join(folder, "ca.pem");
const federatedTokenFile = join(folder, "federated-token");
writeFileSync(caFile, TEST_CA.certPem);
writeFileSync(federatedTokenFile, "federated.token.of-the-fakes");

const entra = new FakeEntra({
  resources: [...RESOURCES, "https://vault.azure.net"],
  federatedToken: "federated.token.of-the-fakes",
});
const managedIdentity = new FakeManagedIdentity();
const keyVault = new FakeKeyVault(() => `${entra.url}/${entra.tenantId}`);
await Promise.all([entra.start(), managedIdentity.start(), keyVault.start()]);

const authority = new TestAuthority();
const isGood = (token: string): boolean =>
  RESOURCES.includes(String(claimsOf(token, Date.now())?.aud)) ||
  [...keyVault.secrets.values()].some((versions) => versions.at(-1)?.value === token);
const mcp: ProtectedMcpServer = await ProtectedMcpServer.start(authority, (token) =>
  isGood(token) ? { clientId: CLIENT, scopes: [], resource: mcp.url, number: 0 } : null,
);
mcp.protection.authorizationServers = [`${entra.url}/${entra.tenantId}/v2.0`];
mcp.protection.metadata = { scopes_supported: [`${RESOURCES[1]}/.default`] };

const change = ({ lifeSeconds, put = {}, ...faults }: Change): void => {
  Object.assign(entra.server.faults, faults.entra);
  Object.assign(managedIdentity.server.faults, faults.managedIdentity);
  Object.assign(keyVault.server.faults, faults.keyVault);
  entra.lifeSeconds = managedIdentity.lifeSeconds = lifeSeconds ?? entra.lifeSeconds;
  for (const [name, value] of Object.entries(put)) keyVault.put(name, value);
};

const ready = {
  urls: { entra: entra.url, managedIdentity: managedIdentity.url, keyVault: keyVault.url, mcp: mcp.url },
  caFile,
  mcpCaFile: authority.caPath,
  variables: {
    environment: {
      AZURE_TENANT_ID: entra.tenantId,
      AZURE_CLIENT_ID: entra.clientId,
      AZURE_CLIENT_SECRET: entra.clientSecret,
      AZURE_AUTHORITY_HOST: entra.url,
    },
    workloadIdentity: {
      AZURE_TENANT_ID: entra.tenantId,
      AZURE_CLIENT_ID: entra.clientId,
      AZURE_FEDERATED_TOKEN_FILE: federatedTokenFile,
      AZURE_AUTHORITY_HOST: entra.url,
    },
    imds: managedIdentity.imdsVariables,
    appService: managedIdentity.appServiceVariables,
  },
};
process.stdout.write(`${JSON.stringify(ready)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  change(JSON.parse(line) as Change);
  const told = {
    tokenRequests: entra.tokenRequests,
    identityRequests: managedIdentity.server.asked.length,
    reads: keyVault.reads,
    mcp: mcp.counts,
    tokens: [...entra.tokens, ...managedIdentity.tokens],
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await Promise.all([entra.stop(), managedIdentity.stop(), keyVault.stop(), mcp.close()]);
authority.close();
rmSync(folder, { recursive: true });
