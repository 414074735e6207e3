/** What a plan will not show, or will be refused for, before it costs anything: one sentence each. */

import type { LoadPlan, ScenarioPlan } from "./load-plan.ts";
import { type Segment, type Stage, shownTime, stagesText } from "./stage.ts";

/** Below this a level misses garbage collection, the warm-up of pools, and limits further down. */
const SHORT_LEVEL_MS = 120_000;
/** Bursts are short by nature; a minute of one is enough. */
const SHORT_BURST_MS = 60_000;
/** Two minutes that began with a short ramp are two minutes. */
const TOLERANCE = 0.95;
/** @see Azure Load Testing, service limits: the longest run */
const AZURE_LONGEST_MS = 24 * 3_600_000;

/** The most users that a server is let through to, and why it is held. */
export interface HeldServer {
  readonly server: string;
  readonly users: number;
}

/** @param held servers of other people, each with its limit */
export const planWarnings = (
  plan: LoadPlan,
  held: readonly (HeldServer & { readonly planned: number })[],
): string[] => [
  ...plan.scenarios.flatMap((scenario) => [...shortLevels(scenario), ...falseHold(scenario)]),
  ...(plan.lengthMs > AZURE_LONGEST_MS
    ? [`It lasts ${shownTime(plan.lengthMs)}: longer than the 24 hours that a run at Azure may last.`]
    : []),
  ...held
    .filter(({ users, planned }) => planned > users)
    .map(
      ({ server, users, planned }) =>
        `${server} gets up to ${planned} users, but no more than ${users} are let through to it: the others wait. With its owner's word, say so in its entry: allow.`,
    ),
];

interface Level {
  readonly users: number;
  readonly ms: number;
}

/** Neighbours of the same height are one. */
const levelsOf = (segments: readonly Segment[]): Level[] => {
  const levels: Level[] = [];
  let before: Segment | null = null;
  for (const segment of segments) {
    const { fromMs, toMs, fromUsers, toUsers } = segment;
    const last = levels.at(-1);
    if (fromUsers === toUsers && fromUsers > 0) {
      const continues = last !== undefined && before?.fromUsers === fromUsers && before.toUsers === fromUsers;
      if (continues) levels.splice(-1, 1, { users: fromUsers, ms: last.ms + toMs - fromMs });
      else levels.push({ users: fromUsers, ms: toMs - fromMs });
    }
    before = segment;
  }
  return levels;
};

const shortLevels = ({ segments, isBursty, name }: ScenarioPlan): string[] => {
  const enough = isBursty ? SHORT_BURST_MS : SHORT_LEVEL_MS;
  const levels = levelsOf(segments);
  const short = levels.filter(({ ms }) => ms < enough * TOLERANCE);
  if (short.length === 0) return [];
  const what = isBursty ? "burst" : "level";
  const shortest = shownTime(Math.min(...short.map(({ ms }) => ms)));
  const which =
    levels.length === 1
      ? `The ${what} lasts ${shortest}`
      : `${short.length} of ${levels.length} ${what}s last less than ${shownTime(enough)}, the shortest ${shortest}`;
  const advice = isBursty
    ? "A minute is enough for a burst."
    : "Two minutes are the least for a level, five are better.";
  return [
    `${ofScenario(name)}${which}: too short to show garbage collection, pools that warm up, limits further down. ${advice}`,
  ];
};

/** In k6's notation `60s:10` looks like a hold of 10 for 60 s, and is a slow rise to it. */
const falseHold = ({ stages, segments, name }: ScenarioPlan): string[] => {
  const longestLevel = Math.max(0, ...levelsOf(segments).map(({ ms }) => ms));
  const found = stages.flatMap((stage, index) => {
    const from = stages[index - 1]?.users ?? 0;
    const rises = stage.by === "ramp" && from > 0 && stage.users > from;
    const isHeld = stages[index + 1]?.users === stage.users;
    return rises && !isHeld && stage.forMs >= longestLevel ? [{ stage, from }] : [];
  });
  const longest = found.sort((a, b) => b.stage.forMs - a.stage.forMs)[0];
  if (longest === undefined) return [];
  const { stage, from } = longest;
  const text = stagesText([stage]);
  const hold = stagesText([{ ...stage, by: "jump" }]);
  return [
    `${ofScenario(name)}${text} is a ramp: users go from ${from} to ${stage.users} for all of ${shownTime(stage.forMs)}, and ${stage.users} are never held. For a hold write ${hold}${rampThenHold(stage)}.`,
  ];
};

/** A short ramp and the rest as a level, where the stage is long enough for both. */
const rampThenHold = (stage: Stage): string => {
  const rampMs = 5000;
  if (stage.forMs < 4 * rampMs) return "";
  const both = stagesText([
    { ...stage, forMs: rampMs },
    { ...stage, forMs: stage.forMs - rampMs, by: "jump" },
  ]);
  return `, or ${both}`;
};

const ofScenario = (name: string | null): string => (name === null ? "" : `${name}: `);
