/** Criteria to start with. A user's own on the same question take their place. */

import type { Criterion } from "./criterion.ts";
import { questionOf } from "./criterion-text.ts";

export const PROFILES = ["smoke", "release"] as const;
export type Profile = (typeof PROFILES)[number];

/** Names of the statistics whose limits go by what the tool does. */
export interface ToolKinds {
  readonly compute: readonly string[];
  readonly external: readonly string[];
}

export const NO_TOOL_KINDS: ToolKinds = { compute: [], external: [] };

export const profileCriteria = (profile: Profile, { compute, external }: ToolKinds): readonly Criterion[] =>
  profile === "smoke"
    ? SMOKE
    : [
        ...RELEASE,
        ...compute.flatMap((name) => timesAbove(name, COMPUTE)),
        ...external.flatMap((name) => timesAbove(name, EXTERNAL)),
      ];

/**
 * The user's criteria, and of the profile's those that the user did not answer in another way. A stricter one that is local
 * adds to the profile's: Azure would have no criterion on that question otherwise.
 */
export const withProfile = (profile: readonly Criterion[], own: readonly Criterion[]): readonly Criterion[] => [
  ...profile.filter((criterion) => !own.some((each) => takesPlaceOf(each, criterion))),
  ...own,
];

const takesPlaceOf = (own: Criterion, profile: Criterion): boolean =>
  questionOf(own) === questionOf(profile) && !(own.isLocal && !profile.isLocal && isStricter(own, profile));

/** Of the same question: fails whatever the other fails. */
const isStricter = ({ condition, value }: Criterion, than: Criterion): boolean =>
  condition.startsWith(">") ? value < than.value : value > than.value;

const above = (
  aggregate: Criterion["aggregate"],
  metric: Criterion["metric"],
  value: number,
  request: string | null = null,
): Criterion => ({ aggregate, metric, condition: ">", value, request, isLocal: false });

type TimeLimits = Partial<Record<"p50" | "p95" | "p99", number>>;

const timesAbove = (name: string, limits: TimeLimits): Criterion[] =>
  (["p50", "p95", "p99"] as const).flatMap((aggregate) => {
    const value = limits[aggregate];
    return value === undefined ? [] : [above(aggregate, "response_time_ms", value, name)];
  });

/** What works at all: nobody waits longer, and one in four may fail. */
const SMOKE = [above("avg", "response_time_ms", 8000), above("percentage", "error", 25)];

const RELEASE = [above("percentage", "error", 1), above("p99", "response_time_ms", 5000)];

/** Of a tool that answers from what it has, and of one that asks somebody else first. Milliseconds. */
const COMPUTE: TimeLimits = { p50: 100, p95: 500, p99: 5000 };
const EXTERNAL: TimeLimits = { p50: 500, p95: 2000, p99: 5000 };
