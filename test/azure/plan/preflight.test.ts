import { describe, expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { TestDefinition } from "../../../azure/definition/test-definition.ts";
import { type Check, type CheckId, isLack } from "../../../azure/plan/preflight/check.ts";
import { preflight } from "../../../azure/plan/preflight/preflight.ts";
import { findFirst } from "../../../azure/plan/preflight/resource-checks.ts";
import type { ControlPlane, LoadTestResource } from "../../../azure/plane/control-plane.ts";
import { ROLES } from "../../../azure/roles.ts";
import { definition, GROUP, READER, SUBSCRIPTION } from "./definition.ts";

const PLACE = { subscription: SUBSCRIPTION, resourceGroup: "load-tests", resource: "mcp-load" };
const RESOURCE_ID = `${GROUP}/Microsoft.LoadTestService/loadTests/mcp-load`;
const VAULT_ID = `${GROUP}/Microsoft.KeyVault/vaults/my-vault`;
const SUBNET = `${GROUP}/Microsoft.Network/virtualNetworks/net/subnets/engines`;
const SITE = `${GROUP}/Microsoft.Web/sites/mcp`;
const SECRETS = { TOKEN: "https://my-vault.vault.azure.net/secrets/token" };
const CPU = {
  resourceId: SITE,
  metricNamespace: "Microsoft.Web/sites",
  metricName: "CpuTime",
  aggregation: "Total",
  condition: "GreaterThan",
  value: 1,
} as const;

const RESOURCE: LoadTestResource = {
  id: RESOURCE_ID,
  name: "mcp-load",
  location: "westeurope",
  dataPlaneHost: "x.westeurope.cnt-prod.loadtesting.azure.com",
  provisioningState: "Succeeded",
  systemPrincipalId: "system-principal",
  userAssigned: { [READER.toLowerCase()]: "reader-principal" },
};

interface World {
  readonly resource: LoadTestResource | null;
  readonly existing: readonly string[];
  /** By scope and principal. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly vault: Awaited<ReturnType<ControlPlane["vault"]>>;
  readonly quota: number | null;
}

const WHOLE: World = {
  resource: RESOURCE,
  existing: [SUBNET, SITE],
  roles: {
    [`${RESOURCE_ID} login`]: [ROLES["Load Test Contributor"]],
    [`${VAULT_ID} system-principal`]: [ROLES["Key Vault Secrets User"]],
    [`${SITE} system-principal`]: [ROLES["Monitoring Reader"]],
  },
  vault: { id: VAULT_ID, usesRoles: true, readers: [] },
  quota: 45,
};

const controlOf = ({ resource, existing, roles, vault, quota }: World): ControlPlane => ({
  loadTest: async () => resource,
  exists: async (id) => existing.includes(id),
  roleAssignments: async (scope, principalId) =>
    (roles[`${scope} ${principalId}`] ?? []).map((roleId) => ({ principalId, roleId, scope })),
  vault: async () => vault,
  quotas: async () => (quota === null ? [] : [{ name: "maxEngineInstancesPerTestRun", limit: quota, usage: 0 }]),
});

const FULL = definition({ secrets: SECRETS, subnetId: SUBNET, engineInstances: 4 }, { server: [CPU] });

interface Asked {
  readonly made?: TestDefinition;
  readonly world?: Partial<World>;
  readonly broken?: Partial<ControlPlane>;
  readonly login?: string | null;
  readonly readDataPlane?: () => Promise<unknown>;
}

const look = async (asked: Asked = {}): Promise<Check[]> => {
  const { made = FULL, world = {}, broken = {}, login = "login", readDataPlane = async () => null } = asked;
  const control = { ...controlOf({ ...WHOLE, ...world }), ...broken };
  const found = await findFirst(RESOURCE_ID, control);
  return preflight({ definition: made, place: PLACE, control, found, login, readDataPlane });
};

const only = (checks: readonly Check[], id: CheckId): Check => {
  const [check, second] = checks.filter((each) => each.id === id);
  if (check === undefined || second !== undefined) throw new Error(`not one check of ${id}`);
  return check;
};

const withRole = (scope: string, principal: string, ...roles: readonly string[]): Pick<World, "roles"> => ({
  roles: { ...WHOLE.roles, [`${scope} ${principal}`]: roles },
});

test("a whole world has one line for each thing, and all are fine", async () => {
  const checks = await look();
  expect(checks.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "subscription ok",
    "resource-group ok",
    "resource ok",
    "data-plane ok",
    "role ok",
    "identity ok",
    "vault ok",
    "vault-access ok",
    "subnet ok",
    "app-component ok",
    "metrics-access ok",
    "quota ok",
  ]);
  expect(only(checks, "identity").seen).toBe("reads the secrets, reads the metrics");
});

describe("what is missing is said with its remedy", () => {
  test.each<[what: string, asked: Asked, id: CheckId, seen: RegExp, next: RegExp]>([
    ["no resource", { world: { resource: null } }, "resource", /there is none/, /azure bicep/],
    ["no group", { world: { resource: null } }, "resource-group", /there is none/, /az group create --name load-tests/],
    ["no subscription", { world: { resource: null } }, "subscription", /sees no such/, /azure\.subscription right/],
    [
      "a resource in the making",
      { world: { resource: { ...RESOURCE, provisioningState: "Creating" } } },
      "resource",
      /Creating/,
      /wait/,
    ],
    [
      "no system identity",
      { world: { resource: { ...RESOURCE, systemPrincipalId: null } } },
      "identity",
      /mcp-load does not have it/,
      /give it to the resource/,
    ],
    [
      "an identity that is not the resource's",
      {
        made: definition({ secrets: SECRETS, identities: { keyVault: READER } }),
        world: { resource: { ...RESOURCE, userAssigned: {} } },
      },
      "identity",
      /reads the secrets, and mcp-load does not have it/,
      /give it/,
    ],
    [
      "no access policy",
      { world: { vault: { id: VAULT_ID, usesRoles: false, readers: [] } } },
      "vault-access",
      /no access policy lets anybody/,
      /secret permission Get/,
    ],
    ["no subnet", { world: { existing: [SITE] } }, "subnet", /there is none/, /correct its id/],
    ["no app component", { world: { existing: [SUBNET] } }, "app-component", /there is none/, /correct its id/],
    ["too small a quota", { world: { quota: 1 } }, "quota", /4 wanted, 1 allowed/, /ask for more/],
    [
      "a data plane that does not let this login in",
      { readDataPlane: () => Promise.reject(new AzureError("AZURE_FORBIDDEN")) },
      "data-plane",
      /does not let this login/,
      /Load Test Contributor/,
    ],
  ])("%s", async (_what, asked, id, seen, next) => {
    const check = only(await look(asked), id);
    expect(check).toMatchObject({
      state: "missing",
      seen: expect.stringMatching(seen),
      next: expect.stringMatching(next),
    });
    expect(isLack(check)).toBe(true);
  });
});

describe("what may be there unseen is no lack, and its remedy is said", () => {
  test.each<[what: string, asked: Asked, id: CheckId, seen: RegExp, next: RegExp]>([
    [
      "a vault that no list shows",
      { world: { vault: null } },
      "vault",
      /this login sees none/,
      /create it, or correct/,
    ],
    [
      "no role on the vault",
      { world: withRole(VAULT_ID, "system-principal") },
      "vault-access",
      /no role there of its own/,
      /if no group .* Key Vault Secrets User to system-principal/,
    ],
    [
      "a role that reads no secret",
      { world: withRole(VAULT_ID, "system-principal", ROLES.Contributor) },
      "vault-access",
      /has only Contributor of its own/,
      /Key Vault Secrets User/,
    ],
    [
      "an access policy of somebody else, who may be a group",
      { world: { vault: { id: VAULT_ID, usesRoles: false, readers: ["another"] } } },
      "vault-access",
      /no access policy of its own/,
      /if no group .* secret permission Get/,
    ],
    [
      "no role for metrics",
      { world: withRole(SITE, "system-principal") },
      "metrics-access",
      /no role there of its own/,
      /Monitoring Reader/,
    ],
  ])("%s", async (_what, asked, id, seen, next) => {
    const check = only(await look(asked), id);
    expect(check).toMatchObject({
      state: "unclear",
      seen: expect.stringMatching(seen),
      next: expect.stringMatching(next),
    });
    expect(isLack(check)).toBe(false);
  });
});

describe("what is not known is no lack", () => {
  const forbidden = () => Promise.reject(new AzureError("AZURE_FORBIDDEN", { place: "there" }));

  test.each<[what: string, asked: Asked, id: CheckId, state: Check["state"]]>([
    ["a resource that this login may not look at", { broken: { loadTest: forbidden } }, "resource", "forbidden"],
    ["a vault that it may not look for", { broken: { vault: forbidden } }, "vault", "forbidden"],
    ["roles that it may not read", { broken: { roleAssignments: forbidden } }, "role", "forbidden"],
    ["a quota that it may not read", { broken: { quotas: forbidden } }, "quota", "forbidden"],
    ["a quota that Azure does not tell", { world: { quota: null } }, "quota", "unclear"],
    [
      "a role of somebody's own",
      { world: withRole(VAULT_ID, "system-principal", "11111111-1111-1111-1111-111111111111") },
      "vault-access",
      "unclear",
    ],
    ["a login whose role may come from a group", { world: withRole(RESOURCE_ID, "login") }, "role", "unclear"],
    ["a token that does not say whose it is", { login: null }, "role", "unclear"],
    [
      "a resource of a type that nobody here knows",
      { made: definition({ appComponents: [{ resourceId: `${GROUP}/Contoso.Things/things/one` }] }) },
      "app-component",
      "unclear",
    ],
  ])("%s", async (_what, asked, id, state) => {
    const check = only(await look(asked), id);
    expect(check.state).toBe(state);
    expect(check.next).not.toBeNull();
    expect(isLack(check)).toBe(false);
  });
});

test("a data plane that does not answer is a lack, and the rest is looked at all the same", async () => {
  const checks = await look({ readDataPlane: () => Promise.reject(new AzureError("AZURE_UNREACHABLE")) });
  expect(only(checks, "data-plane").state).toBe("unreachable");
  expect(checks.filter(isLack)).toHaveLength(1);
  expect(checks).toHaveLength(12);
});

test("a login that Azure does not take ends the look at once", async () => {
  const roleAssignments = () => Promise.reject(new AzureError("AZURE_UNAUTHORIZED"));
  await expect(look({ broken: { roleAssignments } })).rejects.toMatchObject({ code: "AZURE_UNAUTHORIZED" });
});

test("each region has its own quota, and each vault and identity one line", async () => {
  const made = definition({
    secrets: { ...SECRETS, OTHER: "https://MY-vault.vault.azure.net/secrets/other" },
    engineInstances: 3,
    identities: { keyVault: READER, engine: [READER.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions")] },
    regionalLoadTestConfig: [
      { region: "westeurope", engineInstances: 2 },
      { region: "northeurope", engineInstances: 1 },
    ],
  });
  const checks = await look({ made });
  expect(checks.filter(({ id }) => id === "quota").map(({ seen }) => seen)).toEqual([
    "2 wanted, 45 allowed",
    "1 wanted, 45 allowed",
  ]);
  expect(only(checks, "vault").subject).toBe("vault my-vault");
  expect(only(checks, "identity").seen).toBe("reads the secrets, is the engines' own");
});
