/** `ceiling.json`: all that a search has found, written anew after each step. Its steps are enough to go on from. */

import { z } from "zod";
import type { Answer } from "./answer.ts";
import { answerOf, keptAbove } from "./answer.ts";
import { CONFIDENCE_PERCENT } from "./confidence.ts";
import { type Level, levelsOf } from "./level.ts";
import { type Regions, regionsOf } from "./regions.ts";
import { type Limits, SHAPES, type Shape, type StepMeasure } from "./step.ts";
import { type Trigger, triggerOf } from "./trigger.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
export const CEILING_SCHEMA = 1;

const count = z.number().int().nonnegative();
const bucket = z.tuple([z.number().nonnegative(), count]);
const stepSchema = z.object({
  sessions: count,
  opened: count,
  refused: z.number().int(),
  batches: z.array(z.object({ calls: z.number().int(), failures: z.number().int(), times: z.array(bucket) })).max(1000),
  seconds: z.number().nonnegative(),
  endedInTime: z.number().int().nullable().default(null),
  saturation: z.array(z.string()),
  cutOff: z.string().nullable().default(null),
  dir: z.string().nullable(),
});

const atLeastOne = z.number().int().positive();
const planSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ladder"), steps: z.array(atLeastOne).max(10_000) }),
  z.object({ kind: z.literal("adaptive"), from: atLeastOne, max: atLeastOne, mostRuns: atLeastOne }),
]);

const headSchema = z.object({
  schema: z.literal(CEILING_SCHEMA),
  id: z.string(),
  /** null: all servers of the locustfile together. */
  server: z.string().nullable(),
  /** Of that server, without its query: another one of the same name has another. Searches from before it was kept lack it. */
  address: z.string().optional(),
  shape: z.enum(SHAPES),
  limits: z.object({ p99Ms: z.number().positive(), errorPercent: z.number().min(0).max(100) }),
  /** Of one step, without its warm-up. */
  stepMs: z.number().positive(),
  /** The steps that were asked for; searches from before it was kept lack it. */
  plan: planSchema.optional(),
  startedAt: z.string(),
  /** `running` while the search goes on, and for ever when its process was killed. */
  state: z.enum(["running", "complete", "interrupted"]),
  steps: z.array(stepSchema).max(10_000),
});

export type CeilingHead = Readonly<z.infer<typeof headSchema>>;

/** A search with all that follows from its steps. */
export interface Found {
  readonly head: CeilingHead;
  readonly levels: readonly Level[];
  readonly answer: Answer;
  readonly regions: Regions;
  readonly trigger: Trigger;
}

export const foundOf = (head: CeilingHead): Found => {
  const levels = levelsOf(head.steps as readonly StepMeasure[], head.limits satisfies Limits);
  const answer = answerOf(levels);
  const regions = regionsOf(levels);
  return { head, levels, answer, regions, trigger: triggerOf(answer, regions, keptAbove(levels).length > 0) };
};

export const ceilingJson = ({ head: { steps, ...head }, levels, answer, regions, trigger }: Found): string => {
  const file = {
    ...head,
    confidencePercent: CONFIDENCE_PERCENT,
    answer,
    knee: regions.knee,
    cliff: regions.cliff,
    reached: regions.reached,
    trigger,
    levels: levels.map(({ times: _times, ...level }) => ({ ...level, region: regions.of.get(level.sessions) ?? null })),
    steps,
  };
  return `${JSON.stringify(file)}\n`;
};

/** @returns null for what is no such file. What follows from the steps is not read: it follows again. */
export const parseCeiling = (text: string): CeilingHead | null => {
  try {
    return headSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // Not JSON.
  }
};

/** What is counted, in words. */
export const UNITS = { sessions: "sessions", calls: "calls at once in one session" } as const satisfies Record<
  Shape,
  string
>;

const ONE = { sessions: "session", calls: "call at once in one session" } as const satisfies Record<Shape, string>;

/** `1 session`, `5 sessions`. */
export const unitText = (count: number, shape: Shape): string => `${count} ${(count === 1 ? ONE : UNITS)[shape]}`;
