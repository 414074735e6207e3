/** What a submission would do, what it depends on, and what is missing for it. Changes nothing anywhere. */

import type { FailureCriteria } from "../../gate/criterion.ts";
import { namedCriterionText } from "../../gate/criterion-text.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { TestDefinition } from "../definition/test-definition.ts";
import type { AzureView } from "./azure-view.ts";
import { type CostDrivers, costDriversOf } from "./cost-drivers.ts";
import { type Division, divisionOf } from "./division.ts";
import { limitsOf } from "./limits.ts";
import { type Check, isLack } from "./preflight/check.ts";
import { fileChecks } from "./preflight/file-checks.ts";
import { type ServerNote, serverNotesOf } from "./server-notes.ts";
import { trafficOf } from "./traffic.ts";

export interface Plan {
  readonly testId: string;
  /** null: nobody looked, or was not let. */
  readonly test: AzureView["test"];
  readonly runTimeSeconds: number | null;
  readonly division: Division;
  readonly cost: CostDrivers;
  readonly servers: readonly ServerNote[];
  /** Criteria that Azure judges, and those that only our gate does. */
  readonly criteria: { readonly azure: number; readonly local: readonly string[] };
  readonly notes: readonly string[];
  readonly checks: readonly Check[];
  /** Nothing is known to be missing. */
  readonly isReady: boolean;
}

interface PlanInput {
  readonly definition: TestDefinition;
  readonly criteria: FailureCriteria;
  /** A local run with the same servers; null: none. */
  readonly localRun: RunFile | null;
  /** null: offline. */
  readonly view: AzureView | null;
}

export const planOf = async ({ definition, criteria, localRun, view }: PlanInput): Promise<Plan> => {
  const checks = [...(await fileChecks(definition)), ...(view?.checks ?? [])];
  const names = localRun && Object.keys(localRun.operations).length;
  return {
    testId: definition.azure.testId,
    test: view?.test ?? null,
    runTimeSeconds: definition.load.runTimeSeconds,
    division: divisionOf(definition),
    cost: costDriversOf(definition, localRun && trafficOf(localRun)),
    servers: serverNotesOf(definition),
    criteria: {
      azure: definition.client.length + definition.server.length,
      local: criteria.client.filter(({ isLocal }) => isLocal).map(namedCriterionText),
    },
    notes: [...definition.warnings, ...limitsOf({ definition, names })],
    checks,
    isReady: !checks.some(isLack),
  };
};
