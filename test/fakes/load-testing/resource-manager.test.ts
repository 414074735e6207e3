import { afterAll, beforeAll, expect, test } from "vitest";
import { ROLES } from "./azure-world.ts";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import type { Json } from "./merge-patch.ts";
import { RawClient } from "./raw-client.ts";

const fake = new FakeLoadTesting();
const client = new RawClient(fake);
beforeAll(() => fake.start());
afterAll(() => fake.stop());

const { world } = fake;
const subscription = `/subscriptions/${world.subscription}`;
const vaultId = [...world.vaults.values()][0]?.id ?? "";

test("the resource names its data plane without a scheme, and its identities", async () => {
  const { status, json } = await client.management(world.resourceId);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: world.resourceId,
    identity: { type: "SystemAssigned,UserAssigned", principalId: world.systemPrincipalId },
    properties: { dataPlaneURI: fake.urls.dataPlaneHost, provisioningState: "Succeeded" },
  });
  const { userAssignedIdentities } = json.identity as { userAssignedIdentities: Json };
  expect(Object.keys(userAssignedIdentities)).toEqual([world.identityId]);
});

test.each<readonly [string, string, string, number, string]>([
  ["another resource", `${world.resourceId}x`, "2022-12-01", 404, "ResourceNotFound"],
  ["another group", world.resourceId.replace("load-tests", "nowhere"), "2022-12-01", 404, "ResourceGroupNotFound"],
  ["another subscription", world.resourceId.replace("11111111", "21111111"), "2022-12-01", 404, "SubscriptionNotFound"],
  ["a version of the data plane", world.resourceId, "2026-04-01", 400, "UnsupportedApiVersion"],
  ["an identity that is not there", `${world.identityId}x`, "2023-01-31", 404, "ResourceNotFound"],
  ["a subnet that is not there", `${world.subnetId}x`, "2023-11-01", 404, "ResourceNotFound"],
])("%s is refused", async (_, path, version, status, code) => {
  const answer = await client.management(path, version);
  expect([answer.status, (answer.json as { error: { code: string } }).error.code]).toEqual([status, code]);
});

test.each([world.identityId, world.strangerId, world.subnetId])("a resource that is there is found: %s", async (id) => {
  expect((await client.management(id.toUpperCase().replace(/^\/SUB/, "/Sub"), "2023-11-01")).json.id).toBe(id);
});

const roles = async (scope: string, filter: string) => {
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
  const { status, json } = await client.management(path, "2022-04-01");
  if (status !== 200) return status;
  return (json.value as { properties: { roleDefinitionId: string } }[]).map(({ properties }) =>
    properties.roleDefinitionId.split("/").at(-1),
  );
};

test("role assignments are those at a scope and above; principalId eq finds those below too", async () => {
  const principal = world.systemPrincipalId;
  expect(await roles(vaultId, `principalId eq '${principal}'`)).toEqual([ROLES.keyVaultSecretsUser]);
  expect(await roles(vaultId, `assignedTo('${principal}')`)).toEqual([ROLES.keyVaultSecretsUser]);
  expect(await roles(subscription, `principalId eq '${principal}'`)).toEqual([ROLES.keyVaultSecretsUser]);
  expect(await roles(subscription, `assignedTo('${principal}')`)).toEqual([]);
  expect(await roles(world.resourceId, `principalId eq '${fake.entra.principalId}'`)).toEqual([
    ROLES.loadTestContributor,
  ]);
  expect(await roles(vaultId, "roleName eq 'Owner'")).toBe(400);
});

test("vaults and quotas are listed, in pages that name the next", async () => {
  const second = { id: vaultId.replace("fake-vault", "second-vault"), usesRoles: false };
  world.vaults.set("second-vault", { ...second, readers: new Set(), secrets: new Set(), certificates: new Set() });
  const list = `${subscription}/providers/Microsoft.KeyVault/vaults?$top=1`;
  const { json } = await client.management(list, "2023-07-01");
  expect(json.value).toMatchObject([{ name: "fake-vault", properties: { enableRbacAuthorization: true } }]);
  const next = await client.send("GET", String(json.nextLink), {}, fake.urls.management);
  expect(next.json.value).toMatchObject([{ name: "second-vault", properties: { enableRbacAuthorization: false } }]);
  const one = "resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'fake-vault'";
  const found = await client.management(`${subscription}/resources?$filter=${encodeURIComponent(one)}`, "2021-04-01");
  expect(found.json.value).toEqual([{ id: vaultId, name: "fake-vault", type: "Microsoft.KeyVault/vaults" }]);
  const quotas = `${subscription}/providers/Microsoft.LoadTestService/locations/westeurope/quotas`;
  expect((await client.management(quotas)).json.value).toContainEqual(
    expect.objectContaining({
      name: "maxEngineInstancesPerTestRun",
      properties: expect.objectContaining({ limit: 45 }),
    }),
  );
});
