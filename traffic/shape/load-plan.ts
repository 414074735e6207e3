/**
 * The one expansion of a run's load: what the file and the command line say in, plain segments for each scenario out. Python
 * only looks up how many users a moment has; a preview draws the same.
 */

import type { Load } from "../load-schema.ts";
import { shapesOf } from "../load-schema.ts";
import { type Found, findShape, type Shapes, stagesOf, takesRunTime } from "./named-shapes.ts";
import { NO_SHAPE } from "./shape-text.ts";
import { endMs, peakUsers, type Segment, type Stage, segmentsOf, stagesText, usersAt } from "./stage.ts";

/** What was typed after `locust` or `swarmbridge`, or stands in locust.conf and the environment. */
export interface TypedLoad {
  readonly shape?: string | undefined;
  readonly users?: number | undefined;
  readonly runTimeMs?: number | undefined;
}

export interface ScenarioPlan {
  /** null: the whole run, every class of the locustfile by its weight. */
  readonly name: string | null;
  /** Of its shape; null for stages that were typed. */
  readonly shape: string | null;
  readonly stages: readonly Stage[];
  readonly segments: readonly Segment[];
  readonly afterMs: number;
  readonly servers: readonly string[] | null;
  readonly classes: readonly string[] | null;
  /** Made of short levels on purpose. */
  readonly isBursty: boolean;
  /** `--run-time` has a say in it. */
  readonly takesRunTime: boolean;
}

export interface LoadPlan {
  readonly scenarios: readonly ScenarioPlan[];
  readonly lengthMs: number;
}

/**
 * @returns null when the run has no shape: then users, spawn rate and run time are Locust's own
 * @throws {ShapeError}
 */
export const planLoad = (load: Load | undefined, typed: TypedLoad): LoadPlan | null => {
  const shapes = load === undefined ? {} : shapesOf(load);
  const scenarios = Object.entries(load?.scenarios ?? {});
  const text = typed.shape ?? load?.shape;
  if (text === NO_SHAPE) return null;
  if (text !== undefined) return planOf([wholeRun(text, shapes, typed)]);
  if (scenarios.length === 0) return null;
  return planOf(scenarios.map(([name, scenario]) => scenarioPlan(name, scenario, shapes, typed)));
};

/** What the shape is called in a record and in a log. */
export const planName = ({ scenarios }: LoadPlan): string =>
  scenarios.map(({ name, shape }) => name ?? shape ?? "stages").join(", ");

/** The stages as text, each scenario's behind its name. */
export const planText = ({ scenarios }: LoadPlan): string =>
  scenarios
    .map(({ name, stages, afterMs }) => {
      const text = stagesText(afterMs > 0 ? [{ forMs: afterMs, users: 0, by: "jump" }, ...stages] : stages);
      return name === null ? text : `${name} ${text}`;
    })
    .join("; ");

/** Most users of all scenarios together; between two turning points of its parts nothing can be higher. */
export const planPeak = ({ scenarios }: LoadPlan): number => {
  const turns = scenarios.flatMap(({ segments }) => segments.flatMap(({ fromMs, toMs }) => [fromMs, toMs - 1e-6]));
  const sums = turns.map((ms) => scenarios.reduce((sum, { segments }) => sum + usersAt(segments, ms), 0));
  return Math.max(...scenarios.map(({ segments }) => peakUsers(segments)), Math.round(Math.max(0, ...sums)));
};

const wholeRun = (text: string, shapes: Shapes, typed: TypedLoad): ScenarioPlan => ({
  ...expanded(findShape(text, shapes), 0, { users: typed.users, time: typed.runTimeMs }),
  name: null,
  servers: null,
  classes: null,
});

const scenarioPlan = (
  name: string,
  { shape, users, after = 0, servers, classes }: Load["scenarios"][string],
  shapes: Shapes,
  typed: TypedLoad,
): ScenarioPlan => {
  const found = findShape(shape, shapes);
  const plan = expanded(found, after, { users, time: typed.runTimeMs });
  return { ...plan, name, servers: servers ?? null, classes: classes ?? null };
};

const expanded = (
  { name, shape }: Found,
  afterMs: number,
  otherwise: { readonly users: number | undefined; readonly time: number | undefined },
) => {
  const stages = stagesOf(shape, otherwise);
  const isBursty = "profile" in shape && shape.profile === "bursts";
  return {
    shape: name,
    stages,
    segments: segmentsOf(stages, afterMs),
    afterMs,
    isBursty,
    takesRunTime: takesRunTime(shape),
  };
};

const planOf = (scenarios: readonly ScenarioPlan[]): LoadPlan => ({
  scenarios,
  lengthMs: Math.max(...scenarios.map(({ segments }) => endMs(segments))),
});
