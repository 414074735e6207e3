/** The variables that the test has on an engine: `azure.env`, `azure.secrets`, and the few that are ours. */

import type { Lookup } from "../../config/environment.ts";
import type { Draft } from "./draft.ts";
import { SHAPE_VARIABLE } from "./engine-load.ts";
import { ENGINES_VARIABLE, type Load } from "./test-definition.ts";
import { IN_VAULT, isSecretVariable } from "./written-texts.ts";

/** Azure documents these three for Locust: totals over all engines, the time in seconds. */
const LOAD_VARIABLES = {
  LOCUST_USERS: (load: Load) => String(load.users),
  LOCUST_SPAWN_RATE: (load: Load) => String(load.spawnRate),
  LOCUST_RUN_TIME: (load: Load) => String(load.runTimeSeconds),
} as const;

const OURS = new Set<string>([ENGINES_VARIABLE, SHAPE_VARIABLE, "LOCUST_SHAPE", ...Object.keys(LOAD_VARIABLES)]);

/** @returns what an engine's environment holds in plain sight, sorted by name */
export const engineEnvironment = (
  { azure }: Draft,
  load: Load,
  shape: string | null,
): Readonly<Record<string, string>> => {
  const ours = Object.entries(LOAD_VARIABLES).map(([name, read]) => [name, read(load)] as const);
  const all = [...Object.entries(azure.env), ...ours, [ENGINES_VARIABLE, String(azure.engineInstances)] as const];
  if (shape !== null) all.push([SHAPE_VARIABLE, shape]);
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** What a lookup on an engine finds. A secret's value is not known here and stands for itself. */
export const engineLookup = ({ azure }: Draft, env: Readonly<Record<string, string>>): Lookup => {
  const secrets = new Set(Object.keys(azure.secrets));
  return (name) =>
    secrets.has(name) ? "secret" : Object.hasOwn(env, name) && env[name] !== "" ? env[name] : undefined;
};

export const checkEnvironment = (draft: Draft): void => {
  const { azure, faults } = draft;
  for (const name of Object.keys(azure.env)) {
    const path = ["azure", "env", name];
    if (OURS.has(name)) {
      faults.report(
        path,
        `is set by swarmbridge itself, from ${name === ENGINES_VARIABLE ? "engineInstances" : "locust.conf"}`,
      );
    } else if (name in azure.secrets) {
      faults.report(path, "is in env and in secrets: an engine can have it once");
    } else if (isSecretVariable(name)) {
      faults.report(path, `has the name of a secret, and env is no place for one: ${IN_VAULT}`);
    }
  }
  for (const name of Object.keys(azure.secrets)) {
    if (OURS.has(name)) faults.report(["azure", "secrets", name], "is a variable that swarmbridge sets itself");
  }
};
