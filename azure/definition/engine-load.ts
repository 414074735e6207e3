/**
 * How many users there are when, on engines: what `locust.conf` says, or a load shape. An engine may not see the totals that were
 * typed here, so a shape travels with its own.
 */

import { ConfigError } from "../../config/config-error.ts";
import type { Load as LoadPart } from "../../traffic/load-schema.ts";
import { shapesOf } from "../../traffic/load-schema.ts";
import { type LoadPlan, planPeak } from "../../traffic/shape/load-plan.ts";
import { closedText } from "../../traffic/shape/named-shapes.ts";
import { NO_SHAPE } from "../../traffic/shape/shape-text.ts";
import { plannedLoad } from "../../traffic/shape/told-load.ts";
import type { Draft } from "./draft.ts";
import { LOCUST_CONF, LONGEST_RUN_S, type LocustConf } from "./locust-conf.ts";

export interface EngineLoad {
  readonly load: LocustConf["load"];
  /** For `SHAPE_VARIABLE`; null: the file that goes along says it all. */
  readonly shape: string | null;
}

/** Python reads it (locustfiles/load_options.py). */
export const SHAPE_VARIABLE = "SWARMBRIDGE_SHAPE";

/** @returns with what is wrong reported */
export const engineLoad = ({ settings, faults }: Draft, { load, shape }: LocustConf): EngineLoad => {
  const typed = { shape: shape ?? undefined, users: load.users, runTimeMs: load.runTimeSeconds * 1000 };
  const part = settings.load as LoadPart | undefined;
  let plan: LoadPlan | null;
  try {
    plan = plannedLoad(settings.load, typed);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.reportIn(LOCUST_CONF, 1, "shape", error.faults.join("; "));
    return { load, shape: null };
  }
  if (plan === null) return { load, shape: shape === NO_SHAPE ? NO_SHAPE : null };
  const shaped = { ...load, users: planPeak(plan), runTimeSeconds: Math.ceil(plan.lengthMs / 1000) };
  if (shaped.runTimeSeconds > LONGEST_RUN_S) {
    faults.report(["load"], "is a shape that is longer than 24 hours: Azure ends a run then");
  }
  for (const { name, takesRunTime } of plan.scenarios) {
    if (name === null || !takesRunTime) continue;
    faults.report(
      ["load", "scenarios", name, "shape"],
      "takes its time from run-time, which all scenarios share: on an engine it needs its own, such as bursts(time=10m)",
    );
  }
  const text = shape ?? part?.shape;
  if (text === undefined) return { load: shaped, shape: null };
  const totals = { users: typed.users, time: typed.runTimeMs };
  return { load: shaped, shape: closedText(text, part === undefined ? {} : shapesOf(part), totals) };
};
