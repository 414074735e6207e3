/** A built-in role for one principal on one resource, as a Bicep resource. */

import { ROLES, type Role } from "../roles.ts";
import { type Resource, raw } from "./bicep-text.ts";

/** Of `Microsoft.Authorization/roleAssignments`. */
const VERSION = "2022-04-01";

export interface RoleGiven {
  readonly symbol: string;
  readonly role: Role;
  /** Symbol of the resource on which it is given. */
  readonly on: string;
  /** Symbol or parameter that, with role and resource, names the assignment. */
  readonly owner: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly condition?: string;
  readonly after?: readonly string[];
}

export const roleAssignment = (given: RoleGiven): Resource => {
  const { symbol, role, on, owner, principalId, principalType, condition, after } = given;
  const id = `'${ROLES[role]}'`;
  return {
    symbol,
    type: "Microsoft.Authorization/roleAssignments",
    version: VERSION,
    comment: role,
    ...(condition === undefined ? {} : { condition }),
    body: {
      name: raw(`guid(${on}.id, ${owner}, ${id})`),
      scope: raw(on),
      properties: {
        roleDefinitionId: raw(`subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${id})`),
        principalId: raw(principalId),
        principalType: raw(principalType),
      },
      ...(after === undefined ? {} : { dependsOn: after.map(raw) }),
    },
  };
};
