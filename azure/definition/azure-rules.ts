/** What the keys of `azure` must be to each other. What each must be by itself, its schema says. */

import type { Path } from "../../config/fault.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { isSameResource } from "./azure-resource-id.ts";
import type { Draft } from "./draft.ts";
import type { Load } from "./test-definition.ts";

interface Rule {
  readonly path: Path;
  /**
   * @param load null when locust.conf has faults of its own
   * @returns what is wrong, or null
   */
  readonly fault: (draft: Draft, load: Load | null) => string | null;
}

const RULES: readonly Rule[] = [
  {
    path: ["azure", "regionalLoadTestConfig"],
    fault: ({ azure: { regionalLoadTestConfig: regions, engineInstances } }) => {
      if (regions === undefined) return null;
      const sum = regions.reduce((all, region) => all + region.engineInstances, 0);
      return sum === engineInstances
        ? null
        : `has ${sum} engines in all its regions, and engineInstances says ${engineInstances}: make them equal`;
    },
  },
  {
    path: ["azure", "regionalLoadTestConfig"],
    fault: ({ azure: { regionalLoadTestConfig: regions = [] } }) => {
      const names = regions.map(({ region }) => region);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      return twice === undefined ? null : `names ${twice} twice: add its engines up`;
    },
  },
  {
    path: ["azure", "identities", "engine"],
    fault: ({ azure: { identities, regionalLoadTestConfig } }) =>
      identities.engine !== undefined && regionalLoadTestConfig !== undefined
        ? "does not go with several regions: Azure gives their engines no identity"
        : null,
  },
  {
    path: ["azure", "identities", "engine"],
    fault: ({ azure: { identities } }) =>
      Array.isArray(identities.engine) && hasRepeats(identities.engine) ? "names one identity twice" : null,
  },
  {
    path: ["azure", "publicIPDisabled"],
    fault: ({ azure: { publicIPDisabled, subnetId } }) =>
      publicIPDisabled && subnetId === undefined
        ? "needs subnetId: without a subnet an engine has no other way to its servers"
        : null,
  },
  {
    path: ["azure", "maximumVirtualUsersPerEngine"],
    fault: ({ azure }, load) => {
      const most = azure.maximumVirtualUsersPerEngine;
      const users = load === null ? 0 : usersPerEngine(azure, load);
      return most !== undefined && most < users
        ? `is ${most}, fewer than the ${users} users that each engine gets: Azure would end the run at once`
        : null;
    },
  },
  {
    path: ["azure", "appComponents"],
    fault: ({ azure: { appComponents } }) =>
      hasRepeats(appComponents.map(({ resourceId }) => resourceId))
        ? "names one resource twice: join its metrics"
        : null,
  },
  {
    path: ["azure", "engineInstances"],
    fault: ({ azure: { engineInstances } }, load) =>
      load !== null && engineInstances > load.users
        ? `is ${engineInstances}, more than the ${load.users} users of locust.conf: some would have none`
        : null,
  },
  {
    path: ["autoStop", "errorPercentage"],
    fault: ({ settings: { autoStop } }) =>
      autoStop === null || autoStop === "disable" || Number.isInteger(autoStop.errorPercentage)
        ? null
        : "must be a whole number for Azure, whose readers do not all take decimals",
  },
];

/** @see Azure Load Testing's advice: at most 500 users on an engine */
const ADVISED_USERS = 500;

/** @param load null when locust.conf has faults of its own */
export const checkAzure = (draft: Draft, load: Load | null): void => {
  for (const { path, fault } of RULES) {
    const sentence = fault(draft, load);
    if (sentence !== null) draft.faults.report(path, sentence);
  }
  if (load !== null) warnAbout(draft, load);
};

/** The most that one engine gets when the users are divided evenly. */
export const usersPerEngine = ({ engineInstances }: AzureSettings, { users }: Load): number =>
  Math.ceil(users / engineInstances);

const warnAbout = ({ azure, warn }: Draft, load: Load): void => {
  const users = usersPerEngine(azure, load);
  if (users > ADVISED_USERS) {
    const enough = Math.ceil(load.users / ADVISED_USERS);
    warn(`Each engine gets ${users} users; Azure advises at most ${ADVISED_USERS}: engineInstances: ${enough}.`);
  }
  if (azure.maximumVirtualUsersPerEngine !== undefined) {
    warn("maximumVirtualUsersPerEngine is not read by every az CLI: give it there as an argument too.");
  }
};

const hasRepeats = (ids: readonly string[]): boolean =>
  ids.some((id, index) => ids.slice(0, index).some((other) => isSameResource(id, other)));
