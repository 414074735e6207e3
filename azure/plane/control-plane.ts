/**
 * Azure Resource Manager, as far as it is used: what a test needs beforehand is looked at, nothing is created. When
 * Microsoft's own client can be had, this file is what it replaces.
 * @see Microsoft's OpenAPI of the ARM resource, version 2022-12-01
 */

import * as z from "zod";
import type { Question } from "./exchange.ts";
import { said } from "./said.ts";
import type { Service } from "./service.ts";

export const CONTROL_PLANE_VERSION = "2022-12-01";

export interface LoadTestResource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** Host of the data plane, without a scheme. */
  readonly dataPlaneHost: string;
  readonly provisioningState: string;
  /** Principal of the system identity; null without one. */
  readonly systemPrincipalId: string | null;
  /** Lower-cased resource id to principal. */
  readonly userAssigned: Readonly<Record<string, string>>;
}

export interface RoleAssignment {
  readonly principalId: string;
  /** Last part of the role definition's id: a GUID that is the same everywhere. */
  readonly roleId: string;
  readonly scope: string;
}

export interface Quota {
  readonly name: string;
  readonly limit: number;
  readonly usage: number;
}

/** Every call rejects with AzureError; null means "there is none", and forbidden is an error of its own (AZURE_FORBIDDEN). */
export interface ControlPlane {
  readonly loadTest: (id: string) => Promise<LoadTestResource | null>;
  /** Whether a resource of any kind is there. @param apiVersion of its type */
  readonly exists: (id: string, apiVersion: string) => Promise<boolean>;
  /** Assignments at this scope and above it. */
  readonly roleAssignments: (scope: string, principalId: string) => Promise<readonly RoleAssignment[]>;
  /** A vault by its name, in the subscription. */
  readonly vault: (
    subscription: string,
    name: string,
  ) => Promise<{ readonly id: string; readonly usesRoles: boolean; readonly readers: readonly string[] } | null>;
  readonly quotas: (subscription: string, location: string) => Promise<readonly Quota[]>;
}

/** Resource id of the settings' resource. */
export const loadTestId = (place: {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly resource: string;
}): string =>
  `/subscriptions/${place.subscription}/resourceGroups/${place.resourceGroup}/providers/Microsoft.LoadTestService/loadTests/${place.resource}`;

const ASSIGNMENTS_VERSION = "2022-04-01";
const RESOURCES_VERSION = "2021-04-01";
const VAULT_VERSION = "2023-07-01";

export const controlPlane = (service: Service): ControlPlane => ({
  loadTest: (id) => service.readOrNull(loadTestAnswer, get(path(id))),
  exists: async (id, apiVersion) => (await service.readOrNull(z.unknown(), get(path(id), { apiVersion }))) !== null,
  roleAssignments: async (scope, principalId) => {
    const filter = `principalId eq '${quoted(principalId)}'`;
    const url = `${path(scope)}/providers/Microsoft.Authorization/roleAssignments`;
    const found = await service.list(pageOf(assignmentAnswer), get(url, { apiVersion: ASSIGNMENTS_VERSION, filter }));
    // With this filter those of the resources below come too.
    return found.filter((assignment) => isWithin(scope, assignment.scope));
  },
  vault: async (subscription, name) => {
    const filter = `resourceType eq 'Microsoft.KeyVault/vaults' and name eq '${quoted(name)}'`;
    const url = `/subscriptions/${encodeURIComponent(subscription)}/resources`;
    const found = await service.list(pageOf(idAnswer), get(url, { apiVersion: RESOURCES_VERSION, filter }));
    const [first] = found;
    return first === undefined
      ? null
      : service.readOrNull(vaultAnswer, get(path(first.id), { apiVersion: VAULT_VERSION }));
  },
  quotas: (subscription, location) => {
    const places = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.LoadTestService/locations`;
    return service.list(pageOf(quotaAnswer), get(`${places}/${encodeURIComponent(location)}/quotas`));
  },
});

/** @param apiVersion where it is not the client's own */
const get = (
  path: string,
  { apiVersion, filter }: { readonly apiVersion?: string; readonly filter?: string } = {},
): Question => ({
  method: "get",
  path,
  query: {
    ...(apiVersion === undefined ? {} : { "api-version": apiVersion }),
    ...(filter === undefined ? {} : { $filter: filter }),
  },
});

/** A resource id is a path already; what a name may hold beside letters is encoded. */
const path = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

/** In a text of OData (4.01, ABNF: SQUOTE-in-string). */
const quoted = (text: string): string => text.replaceAll("'", "''");

const MANAGEMENT_GROUP = /^\/providers\/microsoft\.management\/managementgroups\//i;

/**
 * Azure compares ids without regard to case. Which subscriptions a management group holds its id does not say, but Azure
 * lists only those above the scope that was asked for.
 */
const isWithin = (id: string, scope: string): boolean => {
  if (MANAGEMENT_GROUP.test(scope)) return true;
  const [inner, outer] = [id, scope.replace(/\/+$/, "")].map((text) => text.toLowerCase());
  return inner === outer || inner?.startsWith(`${outer}/`) === true;
};

const words = (most: number) => z.string().transform((text) => said(text, most));

const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ value: z.array(item), nextLink: z.string().optional() });

const idAnswer = z.object({ id: z.string().startsWith("/") });

const loadTestAnswer = z
  .object({
    id: z.string(),
    name: words(200),
    location: words(100),
    identity: z
      .object({
        principalId: z.string().optional(),
        userAssignedIdentities: z.record(z.string(), z.object({ principalId: z.string().optional() })).default({}),
      })
      .prefault({}),
    properties: z.object({
      // A resource that is still being made has none.
      dataPlaneURI: z.string().default(""),
      provisioningState: words(60).default(""),
    }),
  })
  .transform(
    ({ id, name, location, identity, properties }): LoadTestResource => ({
      id,
      name,
      location,
      dataPlaneHost: properties.dataPlaneURI.replace(/^https:\/\//i, "").replace(/\/+$/, ""),
      provisioningState: properties.provisioningState,
      systemPrincipalId: identity.principalId ?? null,
      userAssigned: Object.fromEntries(
        Object.entries(identity.userAssignedIdentities).flatMap(([resourceId, { principalId }]) =>
          principalId === undefined ? [] : [[resourceId.toLowerCase(), principalId]],
        ),
      ),
    }),
  );

const assignmentAnswer = z
  .object({
    properties: z.object({ principalId: z.string(), roleDefinitionId: z.string(), scope: z.string() }),
  })
  .transform(
    ({ properties: { principalId, roleDefinitionId, scope } }): RoleAssignment => ({
      principalId,
      roleId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase(),
      scope,
    }),
  );

const vaultAnswer = z
  .object({
    id: z.string(),
    properties: z.object({
      enableRbacAuthorization: z.boolean().default(false),
      accessPolicies: z
        .array(
          z.object({
            objectId: z.string(),
            permissions: z.object({ secrets: z.array(z.string()).default([]) }).prefault({}),
          }),
        )
        .default([]),
    }),
  })
  .transform(({ id, properties: { enableRbacAuthorization, accessPolicies } }) => ({
    id,
    usesRoles: enableRbacAuthorization,
    readers: accessPolicies
      .filter(({ permissions }) => permissions.secrets.some((right) => /^(?:get|all)$/i.test(right)))
      .map(({ objectId }) => objectId),
  }));

const quotaAnswer = z
  .object({ name: words(200), properties: z.object({ limit: z.number(), usage: z.number().default(0) }) })
  .transform(({ name, properties }): Quota => ({ name, ...properties }));
