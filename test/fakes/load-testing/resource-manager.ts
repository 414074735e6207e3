/** Azure Resource Manager, as far as a load test's preconditions are looked up there. Nothing can be changed. */

import { type AzureWorld, isAtOrAbove, type Vault } from "./azure-world.ts";
import type { Reply } from "./host.ts";
import type { Json } from "./merge-patch.ts";
import { paged } from "./paging.ts";
import type { Route } from "./routes.ts";
import { invalid, notFound } from "./service-error.ts";

const LOAD_TEST_VERSIONS = ["2022-12-01", "2023-12-01-preview", "2024-12-01-preview"];
const VAULT_VERSIONS = ["2022-07-01", "2023-02-01", "2023-07-01", "2024-11-01"];
const ROLE_VERSIONS = ["2022-04-01"];
const FILTER =
  /^(?:(?<here>atScope\(\))|principalId eq '(?<principal>[^']+)'|(?:atScope\(\) and )?assignedTo\('(?<assigned>[^']+)'\))$/;

/** As the az CLI asks for one resource by its name. */
const RESOURCES_FILTER = /^resourceType eq 'Microsoft\.KeyVault\/vaults' and name eq '(?<name>[^']+)'$/;

export const resourceManagerRoutes = (world: AzureWorld, dataPlaneHost: () => string): readonly Route[] => {
  const subscription = "/subscriptions/{subscription}";
  const roleRoute = (scope: string): Route => ({
    method: "GET",
    path: `${scope}/providers/Microsoft.Authorization/roleAssignments`,
    versions: ROLE_VERSIONS,
    query: ["$filter", "$skipToken", "continuationToken"],
    handle: ({ at, call, query }) => {
      checkSubscription(world, at.subscription);
      const rest = at.rest === undefined ? "" : `/${at.rest}`;
      return ok(paged(assignments(world, `/subscriptions/${at.subscription}${rest}`, query), call.url));
    },
  });
  return [
    roleRoute(subscription),
    roleRoute(`${subscription}/{+rest}`),
    {
      method: "GET",
      path: subscription,
      versions: "any",
      handle: ({ at }) => {
        checkSubscription(world, at.subscription);
        return ok({ id: `/subscriptions/${world.subscription}`, state: "Enabled" });
      },
    },
    {
      method: "GET",
      path: `${subscription}/resources`,
      versions: "any",
      query: ["$filter", "continuationToken"],
      handle: ({ at, call, query }) => {
        checkSubscription(world, at.subscription);
        const filter = query.get("$filter") ?? "";
        const wanted = RESOURCES_FILTER.exec(filter)?.groups?.name?.toLowerCase();
        if (wanted === undefined) throw invalid(`The filter '${filter}' is not known to this fake.`);
        const found = [...world.vaults].filter(([name]) => name.toLowerCase() === wanted);
        return ok(
          paged(
            found.map(([name, { id }]) => ({ id, name, type: "Microsoft.KeyVault/vaults" })),
            call.url,
          ),
        );
      },
    },
    {
      method: "GET",
      path: `${subscription}/providers/Microsoft.KeyVault/vaults`,
      versions: VAULT_VERSIONS,
      query: ["$top", "continuationToken"],
      handle: ({ at, call }) => {
        checkSubscription(world, at.subscription);
        return ok(
          paged(
            [...world.vaults].map(([name, vault]) => vaultJson(world, name, vault)),
            call.url,
            "$top",
          ),
        );
      },
    },
    {
      method: "GET",
      path: `${subscription}/providers/Microsoft.LoadTestService/locations/{location}/quotas`,
      versions: LOAD_TEST_VERSIONS,
      query: ["continuationToken"],
      handle: ({ at, call }) => {
        checkSubscription(world, at.subscription);
        const base = `/subscriptions/${world.subscription}/providers/Microsoft.LoadTestService/locations/${at.location}/quotas`;
        const value = world.quotas.map(({ name, limit, usage }) => ({
          id: `${base}/${name}`,
          name,
          type: "Microsoft.LoadTestService/locations/quotas",
          properties: { limit, usage, provisioningState: "Succeeded" },
        }));
        return ok(paged(value, call.url));
      },
    },
    {
      method: "GET",
      path: `${subscription}/resourceGroups/{group}/providers/Microsoft.LoadTestService/loadTests/{name}`,
      versions: LOAD_TEST_VERSIONS,
      handle: ({ at, call }) => {
        checkGroup(world, at);
        if (!world.hasResource || at.name?.toLowerCase() !== world.resource) throw absent(call.url.pathname);
        return ok(loadTestJson(world, dataPlaneHost()));
      },
    },
    {
      method: "GET",
      path: `${subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}`,
      versions: VAULT_VERSIONS,
      handle: ({ at, call }) => {
        checkGroup(world, at);
        const vault = world.vaults.get(at.name ?? "");
        if (vault === undefined) throw absent(call.url.pathname);
        return ok(vaultJson(world, at.name ?? "", vault));
      },
    },
    {
      method: "GET",
      path: `${subscription}/resourceGroups/{group}`,
      versions: "any",
      handle: ({ at }) => {
        checkGroup(world, at);
        return ok({
          id: `/subscriptions/${world.subscription}/resourceGroups/${world.resourceGroup}`,
          location: world.location,
        });
      },
    },
    {
      method: "GET",
      path: `${subscription}/resourceGroups/{group}/providers/{+rest}`,
      versions: "any",
      handle: ({ at, call }) => {
        checkGroup(world, at);
        return ok(resourceJson(world, decodeURIComponent(call.url.pathname)));
      },
    },
  ];
};

const ok = (json: unknown): Reply => ({ status: 200, json });

const absent = (path: string) => {
  const [, provider = "", kind = "", name = ""] = /\/providers\/([^/]+)\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return notFound("ResourceNotFound", `The Resource '${provider}/${kind}/${name}' was not found.`);
};

const checkSubscription = (world: AzureWorld, subscription: string | undefined): void => {
  if (subscription?.toLowerCase() === world.subscription) return;
  throw notFound("SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
};

const checkGroup = (world: AzureWorld, at: Readonly<Record<string, string>>): void => {
  checkSubscription(world, at.subscription);
  if (at.group?.toLowerCase() === world.resourceGroup) return;
  throw notFound("ResourceGroupNotFound", `Resource group '${at.group}' could not be found.`);
};

const loadTestJson = (world: AzureWorld, dataPlaneHost: string): Json => {
  const assigned = [...world.identities].filter(([, { isAssigned }]) => isAssigned);
  const types = [
    world.systemPrincipalId === null ? [] : ["SystemAssigned"],
    assigned.length === 0 ? [] : ["UserAssigned"],
  ];
  return {
    id: world.resourceId,
    name: world.resource,
    type: "microsoft.loadtestservice/loadtests",
    location: world.location,
    identity: {
      type: types.flat().join(",") || "None",
      ...(world.systemPrincipalId === null ? {} : { principalId: world.systemPrincipalId }),
      userAssignedIdentities: Object.fromEntries(
        assigned.map(([id, { principalId, clientId }]) => [id, { principalId, clientId }]),
      ),
    },
    properties: { dataPlaneURI: dataPlaneHost, provisioningState: world.provisioningState },
  };
};

const vaultJson = (world: AzureWorld, name: string, vault: Vault): Json => ({
  id: vault.id,
  name,
  type: "Microsoft.KeyVault/vaults",
  location: world.location,
  properties: {
    vaultUri: `https://${name}.vault.azure.net/`,
    enableRbacAuthorization: vault.usesRoles,
    accessPolicies: [...vault.readers].map((objectId) => ({
      objectId,
      permissions: { secrets: ["get"], certificates: ["get"] },
    })),
  },
});

const resourceJson = (world: AzureWorld, id: string): Json => {
  const identity = [...world.identities].find(([one]) => one.toLowerCase() === id.toLowerCase());
  if (identity !== undefined) {
    const [identityId, { principalId, clientId }] = identity;
    return { id: identityId, location: world.location, properties: { principalId, clientId } };
  }
  const found = [...world.resources].find((one) => one.toLowerCase() === id.toLowerCase());
  if (found === undefined) throw absent(id);
  return { id: found, name: found.split("/").at(-1), properties: {} };
};

/** At the scope and above; with `principalId eq`, as ARM does it, below the scope too. */
const assignments = (world: AzureWorld, scope: string, query: URLSearchParams): readonly Json[] => {
  const filter = query.get("$filter");
  const groups = filter === null ? {} : FILTER.exec(filter)?.groups;
  if (groups === undefined) throw invalid(`The filter '${filter}' is not supported.`, "$filter");
  const principal = groups.principal ?? groups.assigned;
  return world.roleAssignments
    .filter((role) => principal === undefined || role.principalId === principal)
    .filter(
      (role) => isAtOrAbove(role.scope, scope) || (groups.principal !== undefined && isAtOrAbove(scope, role.scope)),
    )
    .map(({ principalId, roleId, scope: at }, index) => ({
      id: `${at}/providers/Microsoft.Authorization/roleAssignments/${index}`,
      type: "Microsoft.Authorization/roleAssignments",
      properties: {
        principalId,
        scope: at,
        roleDefinitionId: `/subscriptions/${world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      },
    }));
};
