/** What the body of a submission changes in the test's settings: field by field, as a merge patch means it. */

import type { TestBody } from "../plane/data-plane.ts";
import { changed, type Difference } from "./difference.ts";

/** Settings of a test: as they are sent, or as the service has them. */
export type TestSettings = Omit<TestBody, "kind" | "secrets" | "certificate"> & { readonly kind?: string };

interface Field {
  readonly what: string;
  /** undefined: the body does not speak of it, so it stays. */
  readonly of: (body: TestSettings) => unknown;
  /** What the service takes when nothing is said. */
  readonly usual?: unknown;
}

/** @see Microsoft's OpenAPI of the data plane, AutoStopCriteria, for its defaults */
const FIELDS: readonly Field[] = [
  { what: "kind", of: (body) => body.kind },
  { what: "displayName", of: (body) => body.displayName },
  { what: "description", of: (body) => body.description },
  { what: "engineInstances", of: (body) => body.loadTestConfiguration?.engineInstances },
  { what: "splitAllCSVs", of: (body) => body.loadTestConfiguration?.splitAllCSVs },
  { what: "regionalLoadTestConfig", of: (body) => regionsText(body) },
  { what: "autoStop", of: (body) => autoStop(body, "autoStopDisabled", false) },
  { what: "autoStop.errorPercentage", of: (body) => autoStop(body, "errorRate", 90) },
  { what: "autoStop.timeWindow", of: (body) => autoStop(body, "errorRateTimeWindowInSeconds", 60) },
  { what: "maximumVirtualUsersPerEngine", of: (body) => autoStop(body, "maximumVirtualUsersPerEngine", 5000) },
  { what: "subnetId", of: (body) => body.subnetId },
  { what: "publicIPDisabled", of: (body) => body.publicIPDisabled },
  { what: "identities.keyVault", of: (body) => body.keyvaultReferenceIdentityType, usual: "SystemAssigned" },
  { what: "identities.keyVault id", of: (body) => body.keyvaultReferenceIdentityId },
  { what: "identities.metrics", of: (body) => body.metricsReferenceIdentityType, usual: "SystemAssigned" },
  { what: "identities.metrics id", of: (body) => body.metricsReferenceIdentityId },
  { what: "identities.engine", of: (body) => body.engineBuiltInIdentityType, usual: "None" },
  { what: "identities.engine ids", of: (body) => body.engineBuiltInIdentityIds?.toSorted().join(" ") },
];

/** @param body of the submission @param there as the service has it */
export const settingDifferences = (body: TestBody, there: TestSettings): Difference[] =>
  FIELDS.flatMap(({ what, of, usual }) => {
    const wanted = of(body);
    if (wanted === undefined) return [];
    const [from, to] = [textOf(of(there), usual), textOf(wanted, usual)];
    return from.toLowerCase() === to.toLowerCase() ? [] : [changed(what, from, to)];
  });

const NOTHING = "none";

/** Absent, null, empty and off are the same to the service. */
const textOf = (value: unknown, usual: unknown): string =>
  value === undefined || value === null || value === "" || value === false || value === usual ? NOTHING : String(value);

const regionsText = ({ loadTestConfiguration }: TestSettings): string | null | undefined => {
  const regions = loadTestConfiguration?.regionalLoadTestConfig;
  if (regions === undefined || regions === null) return regions;
  return regions
    .map(({ region, engineInstances }) => `${region} ${engineInstances}`)
    .toSorted()
    .join(", ");
};

/** A field that is not said is the service's own, in an object that is there; null removes them all. */
const autoStop = (
  { autoStopCriteria }: TestSettings,
  field: keyof NonNullable<NonNullable<TestBody["autoStopCriteria"]>>,
  usual: number | boolean,
): unknown => (autoStopCriteria === undefined ? undefined : (autoStopCriteria?.[field] ?? usual));
