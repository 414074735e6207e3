/** What Python is told of a run's load (docs/link-protocol.md, `settings.load`): plain segments in seconds, nothing left to decide. */

import { ConfigError } from "../../config/config-error.ts";
import type { LoadSettings } from "../../config/settings.ts";
import type { Load } from "../load-schema.ts";
import { type LoadPlan, planLoad, planName, planPeak, planText, type TypedLoad } from "./load-plan.ts";
import { ShapeError } from "./shape-error.ts";

/** A type, not an interface: it is one of the settings' plain records. */
export type ToldLoad = {
  readonly startJitter: number;
  readonly plan: ToldPlan | null;
};

interface ToldPlan {
  readonly name: string;
  readonly text: string;
  readonly seconds: number;
  readonly peak: number;
  readonly scenarios: readonly ToldScenario[];
}

interface ToldScenario {
  readonly name: string | null;
  readonly servers: readonly string[] | null;
  readonly classes: readonly string[] | null;
  /** From and to in seconds of the run, users at both. */
  readonly segments: readonly (readonly [number, number, number, number])[];
}

/**
 * @param settings `load` of the settings, as `loadSchema` checked it
 * @returns null when nothing is to be done beside what Locust does
 * @throws {ConfigError} CONFIG_INVALID when what was typed is no shape
 */
export const toldLoad = (settings: LoadSettings | undefined, typed: TypedLoad): ToldLoad | null => {
  const load = settings as Load | undefined;
  const plan = plannedLoad(load, typed);
  const startJitter = (load?.startJitter ?? 0) / 1000;
  return plan === null && startJitter === 0 ? null : { startJitter, plan: plan === null ? null : toldPlan(plan) };
};

/** `planLoad` for who has no line of a file to blame. @throws {ConfigError} CONFIG_INVALID */
export const plannedLoad = (settings: LoadSettings | undefined, typed: TypedLoad): LoadPlan | null => {
  try {
    return planLoad(settings as Load | undefined, typed);
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new ConfigError("CONFIG_INVALID", [`the load shape ${cause.message}`], { cause });
  }
};

const toldPlan = (plan: LoadPlan): ToldPlan => ({
  name: planName(plan),
  text: planText(plan),
  seconds: plan.lengthMs / 1000,
  peak: planPeak(plan),
  scenarios: plan.scenarios.map(({ name, servers, classes, segments }) => ({
    name,
    servers,
    classes,
    segments: segments.map(({ fromMs, toMs, fromUsers, toUsers }) => [fromMs / 1000, toMs / 1000, fromUsers, toUsers]),
  })),
});
