/** What the bill of a run depends on. No prices: they differ by region and agreement, and change. */

import type { TestDefinition } from "../definition/test-definition.ts";
import type { Traffic } from "./traffic.ts";

export interface CostDrivers {
  /** Engines times run time. What the service counts of their start and end is not documented. null: no run time. */
  readonly engineHours: number | null;
  /** Users times run time, as if all were there from the beginning: at most this. */
  readonly virtualUserHours: number | null;
  /** Bytes in bodies, by a local run; null: not known. */
  readonly data: { readonly receivedBytes: number; readonly sentBytes: number; readonly measuredIn: string } | null;
}

export const costDriversOf = (
  { load, azure }: Pick<TestDefinition, "load" | "azure">,
  traffic: Traffic | null,
): CostDrivers => {
  const { users, runTimeSeconds } = load;
  if (runTimeSeconds === null) return { engineHours: null, virtualUserHours: null, data: null };
  const userSeconds = users * runTimeSeconds;
  return {
    engineHours: (azure.engineInstances * runTimeSeconds) / 3600,
    virtualUserHours: userSeconds / 3600,
    data: traffic && {
      receivedBytes: Math.round(traffic.receivedPerUserSecond * userSeconds),
      sentBytes: Math.round(traffic.sentPerUserSecond * userSeconds),
      measuredIn: traffic.run,
    },
  };
};
