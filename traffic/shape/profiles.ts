/**
 * The built-in shapes by name. Their numbers are ours, not measured ones, but for two: a soak of 30 minutes and a smoke test of
 * 2 are what teams that test MCP servers use. Each may be given another number.
 */

import { ShapeError } from "./shape-error.ts";
import { checkedStages, MOST_STAGES, type Stage } from "./stage.ts";

export const PROFILES = ["smoke", "ramp", "spike", "staircase", "bursts", "soak"] as const;
export type Profile = (typeof PROFILES)[number];

/** Times in ms. What is absent is the profile's own. */
export interface Parameters {
  readonly users?: number | undefined;
  readonly time?: number | undefined;
  readonly base?: number | undefined;
  readonly burst?: number | undefined;
  readonly idle?: number | undefined;
  readonly steps?: number | undefined;
  readonly levels?: readonly number[] | undefined;
  readonly pause?: number | undefined;
}

interface Rule {
  readonly knows: readonly (keyof Parameters)[];
  readonly stages: (parameters: Parameters) => readonly Stage[];
}

const MINUTE_MS = 60_000;
const USUAL_USERS = 10;
const USUAL_STEPS = 5;
/** Enough for garbage collection, pools and limits further down to show. */
const LEVEL_MS = 5 * MINUTE_MS;

const ramp = (forMs: number, users: number): Stage => ({ forMs, users, by: "ramp" });
const hold = (forMs: number, users: number): Stage => ({ forMs, users, by: "jump" });

export const RULES: Readonly<Record<Profile, Rule>> = {
  smoke: {
    knows: ["users", "time"],
    stages: ({ users = 1, time = 2 * MINUTE_MS }) => [hold(time, users)],
  },
  ramp: {
    knows: ["users", "time"],
    stages: ({ users = USUAL_USERS, time = 10 * MINUTE_MS }) => [
      ramp(time / 4, users),
      hold(time / 2, users),
      ramp(time / 4, 0),
    ],
  },
  // All together: the worst case for handshakes, pools and token endpoints.
  spike: {
    knows: ["users", "time", "base"],
    stages: ({ users = USUAL_USERS, time = 5 * MINUTE_MS, base = 0 }) =>
      base === 0 ? [hold(time, users)] : [hold(time / 4, base), hold(time / 2, users), hold(time / 4, base)],
  },
  staircase: {
    knows: ["users", "time", "steps", "levels", "pause"],
    stages: ({ users = USUAL_USERS, steps = USUAL_STEPS, levels = evenly(users, steps), pause = 0, time }) => {
      const between = pause * (levels.length - 1);
      const levelMs = time === undefined ? LEVEL_MS : (time - between) / levels.length;
      if (levelMs <= 0) throw new ShapeError("is all pauses: give it more time, or a shorter pause");
      return levels.flatMap((level, index) =>
        index > 0 && pause > 0 ? [hold(pause, 0), hold(levelMs, level)] : [hold(levelMs, level)],
      );
    },
  },
  bursts: {
    knows: ["users", "time", "base", "burst", "idle"],
    stages: ({ users = USUAL_USERS, time = 10 * MINUTE_MS, base = 0, burst = MINUTE_MS, idle = MINUTE_MS }) => {
      const rounds = Math.max(1, Math.floor((time + idle) / (burst + idle)));
      // Before they are made: a month of bursts of a millisecond would fill the memory.
      if (2 * rounds > MOST_STAGES)
        throw new ShapeError(`would be ${rounds} bursts: at most ${MOST_STAGES / 2} can be run`);
      return Array.from({ length: rounds }, (_, index) =>
        index > 0 ? [hold(idle, base), hold(burst, users)] : [hold(burst, users)],
      ).flat();
    },
  },
  soak: {
    knows: ["users", "time"],
    stages: ({ users = USUAL_USERS, time = 30 * MINUTE_MS }) => {
      const up = Math.min(MINUTE_MS, time / 10);
      return [ramp(up, users), hold(time - up, users)];
    },
  },
};

/** @throws {ShapeError} */
export const profileStages = (profile: Profile, parameters: Parameters): readonly Stage[] => {
  // A third of a minute has no end in ms.
  const stages = RULES[profile]
    .stages(parameters)
    .map(({ forMs, ...stage }) => ({ ...stage, forMs: Math.round(forMs) }));
  return checkedStages(stages);
};

/** The steps of a staircase: the last one is `users`. */
const evenly = (users: number, steps: number): readonly number[] =>
  Array.from({ length: Math.min(steps, users) }, (_, index) =>
    Math.ceil((users * (index + 1)) / Math.min(steps, users)),
  );
