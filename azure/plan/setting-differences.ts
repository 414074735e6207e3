/** The settings of a test that a submission changes, in the words of the configuration. */

import type { Change } from "../definition/merge-patch.ts";
import { said } from "../plane/said.ts";
import { changed, type Difference } from "./difference.ts";
import { ENTRIES_OF_A_TEST } from "./entry-differences.ts";

/** By path in the test. What is not listed is called by its path. */
const WORDS: Readonly<Record<string, string>> = {
  "loadTestConfiguration.engineInstances": "engineInstances",
  "loadTestConfiguration.splitAllCSVs": "splitAllCSVs",
  "loadTestConfiguration.regionalLoadTestConfig": "regionalLoadTestConfig",
  "autoStopCriteria.autoStopDisabled": "autoStop is off",
  "autoStopCriteria.errorRate": "autoStop.errorPercentage",
  "autoStopCriteria.errorRateTimeWindowInSeconds": "autoStop.timeWindow",
  "autoStopCriteria.maximumVirtualUsersPerEngine": "maximumVirtualUsersPerEngine",
  keyvaultReferenceIdentityType: "identities.keyVault",
  keyvaultReferenceIdentityId: "identities.keyVault id",
  metricsReferenceIdentityType: "identities.metrics",
  metricsReferenceIdentityId: "identities.metrics id",
  engineBuiltInIdentityType: "identities.engine",
  engineBuiltInIdentityIds: "identities.engine ids",
};

/** @param changes all that a submission would change in the test */
export const settingDifferences = (changes: readonly Change[]): Difference[] =>
  changes
    .filter(({ path: [first = ""] }) => !ENTRIES_OF_A_TEST.has(first))
    .map(({ path, from, to }) => {
      const name = path.join(".");
      return changed(WORDS[name] ?? name, textOf(from), textOf(to));
    });

const NOTHING = "none";
const LONGEST_SHOWN = 500;

/** A text of somebody else's may hold anything: it is read exactly, to be compared, and made fit here to be shown. */
const textOf = (value: unknown): string => {
  if (value === undefined || value === null || value === "") return NOTHING;
  if (typeof value !== "object") return said(String(value), LONGEST_SHOWN);
  if (!Array.isArray(value)) return Object.values(value).map(textOf).join(" ");
  return value.length === 0 ? NOTHING : value.map(textOf).toSorted().join(", ");
};
