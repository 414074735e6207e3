/** What must hold between the fields of a test, after a patch. The shapes of fields are checked before. */

import { isMap, type Json } from "./merge-patch.ts";
import { invalid } from "./service-error.ts";

export interface AssignedIdentities {
  readonly hasSystem: boolean;
  /** Lower-cased resource ids. */
  readonly userAssigned: ReadonlySet<string>;
}

const MOST_CRITERIA = 50;

/** @throws {ServiceError} 400 for the first rule that is broken */
export const checkTestRules = (test: Json, assigned: AssignedIdentities): void => {
  checkRegions(test);
  checkCriteria(test);
  if (test.publicIPDisabled === true && test.subnetId === undefined) {
    throw invalid("publicIPDisabled needs a subnetId.", "publicIPDisabled");
  }
  for (const purpose of ["keyvaultReference", "metricsReference"]) {
    checkIdentity(test[`${purpose}IdentityType`], listed(test[`${purpose}IdentityId`]), assigned, `${purpose}Identity`);
  }
  checkIdentity(
    test.engineBuiltInIdentityType,
    listed(test.engineBuiltInIdentityIds),
    assigned,
    "engineBuiltInIdentity",
  );
};

const listed = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as string[]) : typeof value === "string" ? [value] : [];

const checkRegions = (test: Json): void => {
  const load = test.loadTestConfiguration;
  const regions = isMap(load)
    ? (load.regionalLoadTestConfig as { region: string; engineInstances: number }[])
    : undefined;
  if (!isMap(load) || regions === undefined) return;
  const sum = regions.reduce((total, { engineInstances }) => total + engineInstances, 0);
  if (sum !== load.engineInstances) {
    throw invalid(`The regions have ${sum} engines, the test has ${load.engineInstances}.`, "regionalLoadTestConfig");
  }
  if (new Set(regions.map(({ region }) => region)).size !== regions.length) {
    throw invalid("A region stands twice.", "regionalLoadTestConfig");
  }
  if (!["None", undefined].includes(test.engineBuiltInIdentityType as string | undefined)) {
    throw invalid("Engines in several regions cannot have an identity.", "engineBuiltInIdentityType");
  }
};

const checkCriteria = (test: Json): void => {
  const criteria = test.passFailCriteria;
  if (!isMap(criteria)) return;
  const count = [criteria.passFailMetrics, criteria.passFailServerMetrics]
    .map((map) => Object.keys(isMap(map) ? map : {}).length)
    .reduce((sum, size) => sum + size, 0);
  if (count > MOST_CRITERIA) {
    throw invalid(`A test takes at most ${MOST_CRITERIA} criteria; these are ${count}.`, "passFailCriteria");
  }
};

const checkIdentity = (type: unknown, ids: readonly string[], assigned: AssignedIdentities, target: string): void => {
  if (type !== "UserAssigned" && ids.length > 0) throw invalid(`${target}: ids need the type UserAssigned.`, target);
  if (type === "UserAssigned" && ids.length === 0) throw invalid(`${target}: UserAssigned needs an id.`, target);
  if (type === "SystemAssigned" && !assigned.hasSystem) {
    throw invalid(`${target}: the resource has no system-assigned identity.`, target);
  }
  const stranger = ids.find((id) => !assigned.userAssigned.has(id.toLowerCase()));
  if (stranger !== undefined) throw invalid(`${target}: ${stranger} is not assigned to the resource.`, target);
};
