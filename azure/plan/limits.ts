/**
 * Limits of the service that a test comes near to: one table, one sentence each. What is simply too much is refused
 * before, with the line that says it (`azure/definition/`).
 */

import { AZURES_MOST_USERS_PER_ENGINE } from "../definition/auto-stop.ts";
import type { TestDefinition } from "../definition/test-definition.ts";
import { divisionOf, fullest } from "./division.ts";

interface Seen {
  readonly definition: Pick<TestDefinition, "load" | "azure">;
  /** Names in the statistics of a local run; null: none is known. */
  readonly names: number | null;
}

/** @see Azure Load Testing, service limits and quotas; auto stop; export of test results */
const USUAL_HOURS = 3;
const MOST_ENGINES_WITH_FILE = 45;
const MOST_HOURS_WITH_FILE = 3;
const MOST_NAMES = 30;

const hoursOf = ({ load }: Seen["definition"]): number => (load.runTimeSeconds ?? 0) / 3600;

/** Each says its sentence, or null when the test keeps away from it. */
const RULES = {
  duration: ({ definition }) =>
    hoursOf(definition) > USUAL_HOURS
      ? `It runs for more than ${USUAL_HOURS} h: some subscriptions must ask for a higher limit first.`
      : null,
  "auto-stop-users": ({ definition }) => {
    const users = fullest(divisionOf(definition));
    // A limit of the user's own is checked with the configuration.
    if (definition.azure.maximumVirtualUsersPerEngine !== undefined || users <= AZURES_MOST_USERS_PER_ENGINE)
      return null;
    return `Azure ends a run with more than ${AZURES_MOST_USERS_PER_ENGINE} users on one engine, and there are ${users}: set maximumVirtualUsersPerEngine.`;
  },
  "results-container": ({ definition }) =>
    definition.azure.engineInstances > MOST_ENGINES_WITH_FILE || hoursOf(definition) > MOST_HOURS_WITH_FILE
      ? `Above ${MOST_ENGINES_WITH_FILE} engines or ${MOST_HOURS_WITH_FILE} h Azure gives no results file, only a container of files.`
      : null,
  names: ({ names }) =>
    names !== null && names > MOST_NAMES
      ? `There are ${names} names in the statistics: above ${MOST_NAMES} Azure's own HTML report leaves out graphs.`
      : null,
} as const satisfies Record<string, (seen: Seen) => string | null>;

/** One sentence each, of those that matter for this test. */
export const limitsOf = (seen: Seen): string[] =>
  Object.values(RULES)
    .map((rule) => rule(seen))
    .filter((sentence) => sentence !== null);
