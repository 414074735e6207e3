/**
 * Azure Resource Manager, as far as it is used: what a test needs beforehand is looked at, nothing is created.
 * @see Microsoft's OpenAPI of the ARM resource, version 2022-12-01
 */

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
