import { beforeAll, describe, expect, test } from "vitest";
import { CONTROL_PLANE_VERSION, controlPlane, loadTestId } from "../../../azure/plane/control-plane.ts";
import { type Answer, answered, azureError, fakeService, fault, serviceAt, trustFakes } from "./plane-harness.ts";

beforeAll(trustFakes);

const planeWith = async (answers: readonly Answer[]) => {
  const { origin, asked } = await fakeService(answers);
  const plane = controlPlane(serviceAt(origin, { apiVersion: CONTROL_PLANE_VERSION }));
  const paths = () => asked.map(({ method, url }) => `${method} ${url.pathname}${decodeURIComponent(url.search)}`);
  return { plane, asked, paths };
};

const GROUP = "/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/load (west)";
const ID = loadTestId({
  subscription: "11111111-0000-0000-0000-000000000000",
  resourceGroup: "load (west)",
  resource: "mcp",
});

describe("the resource", () => {
  test("is taken with its data plane and its identities", async () => {
    const { plane, paths } = await planeWith([
      answered(200, {
        id: ID,
        name: "mcp",
        type: "microsoft.loadtestservice/loadtests",
        location: "westeurope",
        identity: {
          type: "SystemAssigned,UserAssigned",
          principalId: "p0",
          tenantId: "t",
          userAssignedIdentities: {
            [`${GROUP}/Providers/A/B/C`]: { principalId: "p1", clientId: "c1" },
            [`${GROUP}/new`]: {},
          },
        },
        properties: {
          dataPlaneURI: "https://guid.westeurope.cnt-prod.loadtesting.azure.com/",
          provisioningState: "Succeeded",
        },
      }),
    ]);
    expect(await plane.loadTest(ID)).toEqual({
      id: ID,
      name: "mcp",
      location: "westeurope",
      dataPlaneHost: "guid.westeurope.cnt-prod.loadtesting.azure.com",
      provisioningState: "Succeeded",
      systemPrincipalId: "p0",
      userAssigned: { [`${GROUP}/Providers/A/B/C`.toLowerCase()]: "p1" },
    });
    expect(paths()).toEqual([`GET ${ID.replace(" ", "%20")}?api-version=2022-12-01`]);
  });

  test("may have no identity, and no data plane yet", async () => {
    const { plane } = await planeWith([
      answered(200, { id: ID, name: "mcp", location: "x", properties: { provisioningState: "Creating" } }),
    ]);
    expect(await plane.loadTest(ID)).toMatchObject({ dataPlaneHost: "", systemPrincipalId: null, userAssigned: {} });
  });

  test.each(["ResourceNotFound", "ResourceGroupNotFound", "SubscriptionNotFound"])("%s is none", async (code) => {
    const { plane } = await planeWith([fault(404, code)]);
    expect(await plane.loadTest(ID)).toBeNull();
  });

  test("that may not be seen is an error, and no absence", async () => {
    const { plane } = await planeWith([fault(403, "AuthorizationFailed", "The client 'x' has no access.")]);
    const { code, detail } = await azureError(plane.loadTest(ID));
    expect([code, detail.why]).toEqual([
      "AZURE_FORBIDDEN",
      "HTTP 403 AuthorizationFailed: The client 'x' has no access.",
    ]);
  });
});

test("whether a thing exists is asked with the version of its kind", async () => {
  const { plane, paths } = await planeWith([answered(200, { id: "x" }), fault(404, "ResourceNotFound")]);
  expect(await plane.exists("/subscriptions/a/b", "2024-05-01")).toBe(true);
  expect(await plane.exists("/subscriptions/a/c", "2024-05-01")).toBe(false);
  expect(paths()[0]).toBe("GET /subscriptions/a/b?api-version=2024-05-01");
});

test("roles count from this scope upwards, whatever the letters' case", async () => {
  const role = (scope: string, roleId = "ROLE-1") => ({
    id: "x",
    properties: {
      principalId: "p",
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      scope,
    },
  });
  const { plane, paths } = await planeWith([
    answered(200, {
      value: [
        role(ID.toUpperCase()),
        role("/"),
        role("/subscriptions/11111111-0000-0000-0000-000000000000"),
        role("/providers/Microsoft.Management/managementGroups/platform"),
        role(`${ID}/below`),
        role(`${ID}2`),
      ],
    }),
  ]);
  const found = await plane.roleAssignments(ID, "it's me");
  expect(found.map(({ scope }) => scope)).toEqual([
    ID.toUpperCase(),
    "/",
    "/subscriptions/11111111-0000-0000-0000-000000000000",
    "/providers/Microsoft.Management/managementGroups/platform",
  ]);
  expect(found[0]).toMatchObject({ principalId: "p", roleId: "role-1" });
  expect(paths()[0]).toBe(
    `GET ${ID.replace(" ", "%20")}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId eq 'it''s me'`,
  );
});

describe("a vault", () => {
  test("is found by its name, with those who may read its secrets", async () => {
    const id = `${GROUP}/providers/Microsoft.KeyVault/vaults/v1`;
    const policy = (objectId: string, secrets?: readonly string[]) => ({
      objectId,
      tenantId: "t",
      permissions: { secrets },
    });
    const { plane, paths } = await planeWith([
      answered(200, { value: [{ id, name: "v1", type: "Microsoft.KeyVault/vaults" }] }),
      answered(200, {
        id,
        properties: {
          enableRbacAuthorization: null,
          accessPolicies: [policy("a", ["Get", "List"]), policy("b", ["list"]), policy("c", ["all"]), policy("d")],
        },
      }),
    ]);
    expect(await plane.vault("sub", "v1")).toEqual({ id, usesRoles: false, readers: ["a", "c"] });
    expect(paths()).toEqual([
      "GET /subscriptions/sub/resources?api-version=2021-04-01&$filter=resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'v1'",
      `GET ${id.replace(" ", "%20")}?api-version=2023-07-01`,
    ]);
  });

  test("that the subscription does not have is none", async () => {
    const { plane } = await planeWith([answered(200, { value: [] })]);
    expect(await plane.vault("sub", "v1")).toBeNull();
  });
});

test("quotas have a limit and what is used of it", async () => {
  const { plane, paths } = await planeWith([
    answered(200, { value: [{ name: "maxEngineInstancesPerTestRun", properties: { limit: 45, usage: 3 } }] }),
  ]);
  expect(await plane.quotas("sub", "westeurope")).toEqual([
    { name: "maxEngineInstancesPerTestRun", limit: 45, usage: 3 },
  ]);
  expect(paths()).toEqual([
    "GET /subscriptions/sub/providers/Microsoft.LoadTestService/locations/westeurope/quotas?api-version=2022-12-01",
  ]);
});
