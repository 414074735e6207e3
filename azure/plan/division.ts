/**
 * How the users of `locust.conf` divide over the engines: evenly, as far as anybody can say. The total is documented, the
 * way in which the service divides it is not; each engine logs how many it was given.
 */

import type { TestDefinition } from "../definition/test-definition.ts";

export interface Division {
  readonly users: number;
  readonly engines: number;
  /** From the fullest engine to the emptiest; two entries where the users do not divide without a remainder. */
  readonly shares: readonly { readonly engines: number; readonly users: number }[];
  /** Empty with one region: that of the resource. Users are rounded. */
  readonly regions: readonly { readonly region: string; readonly engines: number; readonly users: number }[];
}

export const divisionOf = ({ load, azure }: Pick<TestDefinition, "load" | "azure">): Division => {
  const { users } = load;
  const engines = azure.engineInstances;
  const fewest = Math.floor(users / engines);
  const remainder = users % engines;
  const shares = [
    { engines: remainder, users: fewest + 1 },
    { engines: engines - remainder, users: fewest },
  ].filter((share) => share.engines > 0);
  const regions = (azure.regionalLoadTestConfig ?? []).map((entry) => ({
    region: entry.region,
    engines: entry.engineInstances,
    users: Math.round((users * entry.engineInstances) / engines),
  }));
  return { users, engines, shares, regions };
};

/** Users on the fullest engine. */
export const fullest = ({ shares }: Division): number => shares[0]?.users ?? 0;
