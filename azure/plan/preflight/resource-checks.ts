/** The Azure Load Testing resource: there, in order, its data plane reachable, and this login allowed to run tests. */

import { AzureError } from "../../azure-error.ts";
import type { ControlPlane, LoadTestResource } from "../../plane/control-plane.ts";
import type { ResourcePlace } from "../../run/find-resource.ts";
import { access } from "./access.ts";
import { type Check, missing, ok, unclear } from "./check.ts";
import { looked } from "./looked.ts";

/** @see Microsoft's reference of Azure Resource Manager: subscriptions, resource groups */
const VERSION_OF_SUBSCRIPTIONS = "2022-12-01";
const VERSION_OF_GROUPS = "2021-04-01";

const BICEP = "swarmbridge azure bicep prints what creates it";

/** What the first question of all was answered with. */
export type FoundResource = LoadTestResource | "none" | { readonly refusal: AzureError };

export const resourceOf = (found: FoundResource): LoadTestResource | null =>
  found === "none" || "refusal" in found ? null : found;

/** @throws {AzureError} what it is refused with, unless this login just may not look at this resource */
export const findFirst = async (id: string, control: Pick<ControlPlane, "loadTest">): Promise<FoundResource> => {
  try {
    return (await control.loadTest(id)) ?? "none";
  } catch (error) {
    if (error instanceof AzureError && error.code === "AZURE_FORBIDDEN") return { refusal: error };
    throw error;
  }
};

export const resourceChecks = async (
  place: ResourcePlace,
  found: FoundResource,
  control: Pick<ControlPlane, "exists">,
): Promise<Check[]> => {
  const subscription = { id: "subscription", subject: `subscription ${place.subscription}` } as const;
  const group = { id: "resource-group", subject: `resource group ${place.resourceGroup}` } as const;
  const about = { id: "resource", subject: `resource ${place.resource}` } as const;
  if (found !== "none" && "refusal" in found) return [await looked(about, () => Promise.reject(found.refusal))];
  if (found !== "none") {
    const seen = `${found.provisioningState}, ${found.location}`;
    const isReady = found.provisioningState.toLowerCase() === "succeeded";
    const state = isReady
      ? ok(about, seen)
      : missing(about, seen, "wait until Azure has it ready, or look why it has not");
    return [ok(subscription, "there"), ok(group, "there"), state];
  }
  const subscriptionId = `/subscriptions/${place.subscription}`;
  const groupId = `${subscriptionId}/resourceGroups/${place.resourceGroup}`;
  return [
    await looked(subscription, async () =>
      (await control.exists(subscriptionId, VERSION_OF_SUBSCRIPTIONS))
        ? ok(subscription, "there")
        : missing(subscription, "this login sees no such subscription", "is azure.subscription right, and the tenant?"),
    ),
    await looked(group, async () =>
      (await control.exists(groupId, VERSION_OF_GROUPS))
        ? ok(group, "there")
        : missing(group, "there is none", `az group create --name ${place.resourceGroup} --location REGION`),
    ),
    missing(about, "there is none", `create it: ${BICEP}`),
  ];
};

/** Asks for the test itself: no other question proves more without changing something. */
export const dataPlaneCheck = async (host: string, read: () => Promise<unknown>): Promise<Check> => {
  const about = { id: "data-plane", subject: `data plane ${host}` } as const;
  return looked(about, async () => {
    try {
      await read();
      return ok(about, "answers this login");
    } catch (error) {
      if (!(error instanceof AzureError) || error.code !== "AZURE_FORBIDDEN") throw error;
      const next =
        "assign Load Test Contributor on the resource to it (swarmbridge azure bicep does); a new role takes minutes";
      return missing(about, "does not let this login read tests", next);
    }
  });
};

/** @param login principal of this login; null when its token does not say */
export const loginCheck = (
  resource: LoadTestResource,
  login: string | null,
  control: Pick<ControlPlane, "roleAssignments">,
): Promise<Check> => {
  const about = { id: "role", subject: "role of this login" } as const;
  if (login === null) {
    const next = `it needs Load Test Contributor on ${resource.name}`;
    return Promise.resolve(unclear(about, "the token does not say whose it is", next));
  }
  return access({ about, control, scope: resource.id, principalId: login, grant: "run tests" });
};
