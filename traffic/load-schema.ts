/** The `load` key of `loadtest.yaml`: how many users there are at which moment of the run. docs/traffic.md. */

import * as z from "zod";
import { duration } from "../config/quantity-schema.ts";
import { section } from "../config/section.ts";
import { checkParameters, findShape, type Shape, type Shapes, stagesOf } from "./shape/named-shapes.ts";
import { PROFILES } from "./shape/profiles.ts";
import { ShapeError } from "./shape/shape-error.ts";
import { checkedStages, MOST_USERS } from "./shape/stage.ts";

const LONGEST = "720h";
const SHAPE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,40}$/;

const NAME_RULE = "is not a name for this: use letters, digits, _ and -, at most 41 characters, a letter first";
const USERS_RULE = `must be a whole number of users from 1 to ${MOST_USERS}`;
const LEVEL_RULE = `must be a whole number of users from 0 to ${MOST_USERS}`;
const SHAPE_RULE = "must be a shape, such as soak, 30s:5,60s=10, or the name of one under shapes";
const STEPS_RULE = "must be a whole number of steps from 1 to 1000";

const level = (description: string) =>
  z
    .int(LEVEL_RULE)
    .min(0, LEVEL_RULE)
    .max(MOST_USERS, LEVEL_RULE)
    .meta({ description, examples: [10] });

const users = (description: string) =>
  z
    .int(USERS_RULE)
    .min(1, USERS_RULE)
    .max(MOST_USERS, USERS_RULE)
    .meta({ description, examples: [50] });

const time = (description: string, example: string) => duration(LONGEST).meta({ description, examples: [example] });

const stage = section({
  for: time("How long the stage takes.", "30s"),
  users: level("How many users there are at its end."),
  by: z
    .enum(["ramp", "jump"], "must be ramp or jump")
    .default("ramp")
    .describe("`ramp`: evenly from where the stage before ended. `jump`: `users` from its first moment on."),
});

const shapeMap = section({
  stages: z
    .array(stage, "must be a list of stages such as { for: 30s, users: 5 }")
    .min(1, "needs at least one stage")
    .optional()
    .meta({ description: "Own stages, one after the other.", examples: [[{ for: "30s", users: 5 }]] }),
  profile: z
    .enum(PROFILES, `must be one of ${PROFILES.join(", ")}`)
    .optional()
    .meta({ description: "A built-in shape, with the numbers below.", examples: ["bursts"] }),
  users: users("Most users. Absent: `--users`.").optional(),
  time: time("How long it takes in all. Absent: `--run-time`.", "10m").optional(),
  base: level("`spike`, `bursts`: users in the time between.").optional(),
  burst: time("`bursts`: length of one.", "60s").optional(),
  idle: time("`bursts`: length of the gap between two.", "60s").optional(),
  steps: z
    .int(STEPS_RULE)
    .min(1, STEPS_RULE)
    .max(1000, STEPS_RULE)
    .optional()
    .describe("`staircase`: how many, all of one height."),
  levels: z
    .array(users("Users of a step."), "must be a list of numbers of users")
    .min(1, "needs at least one level")
    .max(500, "must be at most 500 levels")
    .optional()
    .meta({ description: "`staircase`: the users of each step, instead of `steps`.", examples: [[1, 5, 10, 20]] }),
  pause: time("`staircase`: nobody for this long between two steps.", "2s").optional(),
}).superRefine((map, context) => {
  const { stages, profile, ...parameters } = map;
  const complain = (message: string) => context.addIssue({ code: "custom", message });
  if ((stages === undefined) === (profile === undefined)) return complain("needs stages or profile, one of the two");
  refuse(complain, () => {
    if (profile !== undefined) {
      checkParameters(profile, parameters);
      stagesOf({ profile, parameters }, {});
    } else if (Object.keys(parameters).length > 0) {
      throw new ShapeError(`has ${Object.keys(parameters).join(", ")} beside stages, which say all themselves`);
    }
    if (stages !== undefined) checkedStages(asStages(stages));
  });
});

const shapeText = (description: string) =>
  z
    .string(SHAPE_RULE)
    .min(1, SHAPE_RULE)
    .meta({ description, examples: ["30s:5,60s=10", "soak"] });

const names = (description: string, example: string) =>
  z
    .array(z.string().min(1).max(200), "must be a list of names")
    .min(1, "needs at least one name")
    .optional()
    .meta({ description, examples: [[example]] });

const scenario = section({
  shape: shapeText("Its shape: a name, or stages."),
  users: users("Its most users, for a shape that does not say it.").optional(),
  after: time("Nobody before this long into the run.", "30s").optional(),
  servers: names("The servers whose users these are, by their weights.", "learn"),
  classes: names("The user classes, by name, where one server has several.", "LearnUser"),
}).superRefine(({ servers, classes }, context) => {
  if ((servers === undefined) === (classes === undefined)) {
    context.addIssue({ code: "custom", message: "needs servers or classes, one of the two" });
  }
});

export const loadSchema = section({
  shape: shapeText("The shape of the run, unless `--shape` names another.").optional(),
  shapes: z
    .record(
      z.string().regex(SHAPE_NAME, NAME_RULE),
      z.union(
        [shapeText("As after `--shape`."), shapeMap],
        "must be a shape: text such as 30s:5,60s=10, or a map with stages or profile",
      ),
    )
    .default({})
    .meta({ description: "Own shapes by name, for `--shape` and `scenarios`.", examples: [{ peak: "30s:5,60s=10" }] }),
  scenarios: z
    .record(z.string().regex(SHAPE_NAME, NAME_RULE), scenario)
    .default({})
    .meta({
      description: "Several groups of users in one run, each with a shape of its own.",
      examples: [{ readers: { shape: "soak", users: 20, servers: ["learn"] } }],
    }),
  startJitter: duration()
    .optional()
    .meta({ description: "Each user waits at random up to this long before it begins.", examples: ["500ms"] }),
})
  .superRefine((load, context) => {
    const check = (path: string[], work: () => unknown): void =>
      refuse((message) => context.addIssue({ code: "custom", path, message }), work);
    const { shape, scenarios } = load;
    const shapes = shapesOf(load);
    for (const name of Object.keys(load.shapes)) {
      check(["shapes", name], () => {
        if ((PROFILES as readonly string[]).includes(name) || name === "none") {
          throw new ShapeError("has the name of a built-in shape: choose another");
        }
        const own = load.shapes[name];
        // A text may name a profile; one that names a shape of the file could name itself.
        if (typeof own === "string") findShape(own, {});
      });
    }
    if (shape !== undefined && shape !== "none") check(["shape"], () => findShape(shape, shapes));
    const seen = new Map<string, string>();
    for (const [name, { shape: text, users, servers = [], classes = [] }] of Object.entries(scenarios)) {
      check(["scenarios", name, "shape"], () => findShape(text, shapes));
      check(["scenarios", name], () => {
        if (users === undefined && wantsUsers(text, shapes)) {
          throw new ShapeError("needs users: which of --users would be its own, nobody knows");
        }
      });
      for (const one of [...servers, ...classes]) {
        const other = seen.get(one);
        if (other !== undefined) {
          check(["scenarios", name], () => {
            throw new ShapeError(`has ${one}, as ${other} has: users of one kind cannot follow two shapes`);
          });
        }
        seen.set(one, name);
      }
    }
    if (shape !== undefined && Object.keys(scenarios).length > 0) {
      check(["shape"], () => {
        throw new ShapeError("stands beside scenarios, which have shapes of their own: use one of the two");
      });
    }
  })
  .optional()
  .meta({
    description: "Load shapes of this test. Absent: users, spawn rate and run time of locust.conf.",
    examples: [{ shape: "bursts" }],
  });

export type Load = NonNullable<z.output<typeof loadSchema>>;

/** Those of a checked file. */
export const shapesOf = ({ shapes }: Load): Shapes =>
  Object.fromEntries(
    Object.entries(shapes).flatMap(([name, own]): [string, Shape][] => {
      const shape = typeof own === "string" ? textShape(own) : mapShape(own);
      return shape === null ? [] : [[name, shape]];
    }),
  );

const wantsUsers = (text: string, shapes: Shapes): boolean => {
  try {
    const { shape } = findShape(text, shapes);
    return "profile" in shape && shape.parameters.users === undefined && shape.parameters.levels === undefined;
  } catch (error) {
    if (error instanceof ShapeError) return false; // Said already.
    throw error;
  }
};

const textShape = (text: string): Shape | null => {
  try {
    return findShape(text, {}).shape;
  } catch (error) {
    if (error instanceof ShapeError) return null; // A fault of the file, which is said with its line.
    throw error;
  }
};

const mapShape = ({ stages, profile, ...parameters }: z.output<typeof shapeMap>): Shape | null => {
  if (stages !== undefined) return { stages: asStages(stages) };
  return profile === undefined ? null : { profile, parameters };
};

const asStages = (stages: readonly z.output<typeof stage>[]) =>
  stages.map(({ for: forMs, users: to, by }) => ({ forMs, users: to, by }));

const refuse = (complain: (message: string) => void, work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    complain(error.message);
  }
};
