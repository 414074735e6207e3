/** What lies around a test: its subnet, the resources that are watched, the quota of engines. */

import type { ServerCriterion } from "../../../gate/criterion.ts";
import type { AzureSettings } from "../../azure-schema.ts";
import type { ControlPlane, Quota } from "../../plane/control-plane.ts";
import { apiVersionOf, resourceParts } from "../../resource-type.ts";
import { type Check, type CheckId, missing, ok, unclear } from "./check.ts";
import { looked } from "./looked.ts";

/** @returns the resources that are watched, each once */
export const watchedResources = (
  azure: Pick<AzureSettings, "appComponents">,
  server: readonly ServerCriterion[],
): string[] => {
  const ids = [...azure.appComponents, ...server].map(({ resourceId }) => resourceId);
  return ids.filter((id, index) => ids.findIndex((other) => other.toLowerCase() === id.toLowerCase()) === index);
};

export const thereCheck = (
  id: Extract<CheckId, "subnet" | "app-component">,
  resourceId: string,
  control: Pick<ControlPlane, "exists">,
): Promise<Check> => {
  const parts = resourceParts(resourceId);
  const what = id === "subnet" ? "subnet" : "app component";
  const about = { id, subject: `${what} ${parts?.names.join("/") ?? resourceId}` } as const;
  const version = parts === null ? null : apiVersionOf(parts.type);
  if (version === null) {
    return Promise.resolve(
      unclear(about, `how to look at ${parts?.type ?? "it"} is not known here`, "look in the portal"),
    );
  }
  return looked(about, async () =>
    (await control.exists(resourceId, version))
      ? ok(about, "there")
      : missing(about, "there is none", "create it, or correct its id in loadtest.yaml"),
  );
};

/** The service's own name of the limit. */
const QUOTA = "maxengineinstancespertestrun";

/** @param engines wanted in this region */
export const quotaCheck = (
  {
    subscription,
    region,
    engines,
  }: { readonly subscription: string; readonly region: string; readonly engines: number },
  control: Pick<ControlPlane, "quotas">,
): Promise<Check> => {
  const location = region.toLowerCase().replaceAll(" ", "");
  const about = { id: "quota", subject: `engines a run in ${location}` } as const;
  return looked(about, async () => {
    const quota = (await control.quotas(subscription, location)).find(
      ({ name }: Quota) => name.toLowerCase() === QUOTA,
    );
    if (quota === undefined)
      return unclear(about, "Azure does not say how many", "look at Usage + quotas in the portal");
    const seen = `${engines} wanted, ${quota.limit} allowed`;
    if (engines <= quota.limit) return ok(about, seen);
    return missing(about, seen, "ask for more (Usage + quotas in the portal), or take fewer engines");
  });
};
