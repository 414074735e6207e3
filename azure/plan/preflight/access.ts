/** Whether a principal may do something somewhere, by the roles that it has there or above: seen, or not known. */

import type { ControlPlane } from "../../plane/control-plane.ts";
import { GRANTS, type Grant, roleOf } from "../../roles.ts";
import { type Check, ok, unclear } from "./check.ts";
import { looked } from "./looked.ts";

interface Question {
  readonly about: Pick<Check, "id" | "subject">;
  readonly control: Pick<ControlPlane, "roleAssignments">;
  readonly scope: string;
  readonly principalId: string;
  readonly grant: Grant;
}

export const access = ({ about, control, scope, principalId, grant }: Question): Promise<Check> =>
  looked(about, async () => {
    const assigned = await control.roleAssignments(scope, principalId);
    const roles = assigned.map(({ roleId }) => roleOf(roleId));
    const granting: readonly string[] = GRANTS[grant];
    const role = roles.find((name) => name !== null && granting.includes(name));
    if (role != null) return ok(about, `has ${role}`);
    const assign = `assign ${GRANTS[grant][0]} to ${principalId} on ${scope}`;
    // A role of somebody's own may well allow it; what a role allows is not looked at.
    if (roles.includes(null)) return unclear(about, "has roles that we do not know", `if they do not do: ${assign}`);
    const seen = roles.length === 0 ? "has no role there of its own" : `has only ${roles.join(", ")} of its own`;
    // Roles of groups are not among those that are asked for: not to see one proves nothing.
    return unclear(about, seen, `if no group of it has one that does: ${assign}`);
  });
