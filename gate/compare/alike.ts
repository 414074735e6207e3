/** Whether runs can be compared at all: what makes the answer worthless, and what a reader should know beside it. */

import { ownValue } from "../../record/own-value.ts";
import { oneSidedNotes } from "./one-sided.ts";
import { RULES } from "./quantity.ts";
import type { RunFigures } from "./run-figures.ts";

export interface Alike {
  /** Why nothing can be judged, one sentence each. */
  readonly invalid: readonly string[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** Of the plan: what makes it another load, and what only makes it another run. */
const LOAD = {
  users: "users",
  shape: "load shape",
  shapeStages: "stages",
  arrivals: "arrival rate",
  engines: "engines",
};
/** A run without any is a run of which nobody knows; a run without the others has none. */
const USERS = "users";
const PLAN = { locustfile: "locustfile", spawnRate: "spawn rate", runTime: "run time" };
/** One run that takes this much longer than another is not the same test. */
const MUCH_LONGER = 1.5;

export const alike = (before: readonly RunFigures[], after: readonly RunFigures[]): Alike => {
  const runs = [...before, ...after];
  return {
    invalid: [
      ...runs.flatMap(({ id, faults }) => faults.map((fault) => `${id}: ${fault}`)),
      ...differences(runs, LOAD, ({ load }) => load).map((text) => `the load is not the same: ${text}`),
      ...targetFaults(runs),
      ...(runs.every(({ all }) => all.count > 0) ? [] : ["a run has no operation"]),
      ...(sharedNames(runs) ? [] : ["no operation of one run is in the others"]),
      ...otherWork(runs),
      ...plannedRows(runs),
    ],
    notes: [
      ...differences(runs, PLAN, ({ load }) => load),
      ...runs.filter(({ load }) => load[USERS] == null).map(({ id }) => `${id}: how many users it had is not known`),
      ...lengthNote(runs),
      ...differences(runs, null, ({ versions }) => versions),
      ...oneSidedNotes(before, after),
      ...otherPlaces(runs),
      ...plannedNotes(runs),
      ...(new Set(runs.map(({ source }) => source)).size > 1
        ? ["times of some runs come from the service's rows (whole ms), of the others from histograms"]
        : []),
      ...runs.filter(({ generator }) => generator === "strained").map(({ id }) => `${id}: its generator was strained`),
      ...(before.length > 1 || after.length > 1 ? [] : [ONE_RUN]),
    ],
  };
};

const percent = (share: number): string => `${Math.round(100 * share)}%`;
const ONE_RUN =
  "one run a side cannot show how far runs of the same build differ: taken as documented " +
  `(p50 ${percent(RULES.p50Ms.runToRun)}, p95 ${percent(RULES.p95Ms.runToRun)}, p99 ${percent(RULES.p99Ms.runToRun)}); several runs a side measure it`;

type Values = Readonly<Record<string, string | number | null>>;

/** One sentence for each key whose values differ; where `titles` is null every key that all have. */
const differences = (
  runs: readonly RunFigures[],
  titles: Readonly<Record<string, string>> | null,
  valuesOf: (run: RunFigures) => Values,
): string[] => {
  const keys = titles === null ? [...new Set(runs.flatMap((run) => Object.keys(valuesOf(run))))] : Object.keys(titles);
  return keys.flatMap((key) => {
    const values = runs.map((run) => ownValue(valuesOf(run), key) ?? null);
    if (titles === null && values.includes(null)) return [];
    if (key === USERS && values.includes(null)) return [];
    const distinct = [...new Set(values.map((value) => (value === null ? "none" : String(value))))];
    return distinct.length < 2 ? [] : [`${titles?.[key] ?? key}: ${distinct.join(", then ")}`];
  });
};

/** A loopback server has no network latency: its times compare with those of another loopback run alone. */
const targetFaults = (runs: readonly RunFigures[]): string[] =>
  Object.keys(runs[0]?.targets ?? {}).flatMap((server) => {
    const classes = runs.map(({ targets }) => ownValue(targets, server));
    const known = [...new Set(classes.filter((each) => each !== undefined && each !== "unknown"))];
    return known.length < 2 ? [] : [`${server} is a ${known.join(" target, then a ")} target`];
  });

const sharedNames = ([first, ...others]: readonly RunFigures[]): boolean =>
  Object.keys(first?.names ?? {}).some((name) => others.every(({ names }) => Object.hasOwn(names, name)));

/** What all runs have in common must be at least this share of the operations of each. */
const MOST_OF_IT = 0.5;

const countOf = (run: RunFigures, names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + (ownValue(run.names, name)?.count ?? 0), 0);

const otherWork = (runs: readonly RunFigures[]): string[] => {
  const [first, ...others] = runs;
  const shared = Object.keys(first?.names ?? {}).filter((name) =>
    others.every(({ names }) => Object.hasOwn(names, name)),
  );
  if (shared.length === 0) return [];
  const few = runs.find((run) => run.all.count > 0 && countOf(run, shared) < MOST_OF_IT * run.all.count);
  return few === undefined ? [] : [`less than half of the operations of ${few.id} are in all runs`];
};

/** What else than the build may have made the difference. Of what a run does not tell nothing is said. */
const otherPlaces = (runs: readonly RunFigures[]): string[] => {
  const differ = (values: readonly (string | undefined)[]): boolean =>
    new Set(values.filter((each) => each !== undefined)).size > 1;
  const servers = [...new Set(runs.flatMap(({ origins }) => Object.keys(origins ?? {})))];
  return [
    ...(differ(runs.map(({ place }) => place)) ? ["some runs were made here, the others at Azure"] : []),
    ...(differ(runs.map(({ machines }) => machines?.join()))
      ? ["the runs were made on different machines, or on one that was restarted in between"]
      : []),
    ...servers
      .filter((server) => differ(runs.map(({ origins }) => ownValue(origins, server))))
      .map((server) => `${server} stood at another address in some of the runs`),
  ];
};

/** In rows the service time stands for that from the planned start. */
const plannedRows = (runs: readonly RunFigures[]): string[] =>
  new Set(runs.map(({ source }) => source)).size > 1 && runs.some(({ planned }) => planned.length > 0)
    ? ["times from the planned start cannot be compared with the service's rows, which do not have them"]
    : [];

const lengthNote = (runs: readonly RunFigures[]): string[] => {
  const seconds = runs.map((run) => run.seconds);
  const [shortest, longest] = [Math.min(...seconds), Math.max(...seconds)];
  return longest > MUCH_LONGER * shortest ? [`they took from ${shortest} to ${longest} s`] : [];
};

const plannedNotes = (runs: readonly RunFigures[]): string[] => {
  const servers = new Set(runs.flatMap(({ planned }) => planned));
  return [...servers].flatMap((server) => {
    const those = runs.filter(({ planned }) => planned.includes(server)).map(({ id }) => id);
    return those.length === runs.length
      ? []
      : [`times of ${server} count from the planned start in ${those.join(", ")} alone (arrival rate)`];
  });
};
