/** What a record does not say, told instead of left out: a reader takes silence for "nothing was found". */

import { countText, percentText } from "./duration-text.ts";
import { isMeasured } from "./generator-verdict.ts";
import { endedOf, failuresOf } from "./limit-use.ts";
import { hasRows } from "./origin.ts";
import { ownValue } from "./own-value.ts";
import { CARRIES } from "./percentile-text.ts";
import { awaitedKind, droppedStarts, plannedServers } from "./planned-starts.ts";
import { type RunRecord, timelineRows } from "./read-run.ts";
import type { OperationRecord, RunFile } from "./run-file.ts";
import { serverOf } from "./server-part.ts";
import { printable, shortened } from "./text-table.ts";

export interface NotMeasured {
  /** A few words, such as `server memory`. Names in it come from servers. */
  readonly what: string;
  /** Why, and how it could be had. */
  readonly why: string;
}

/** @returns the most important first */
export const notMeasured = (record: RunRecord): readonly NotMeasured[] =>
  CHECKS.flatMap((check) => check(record) ?? []);

type Check = (record: RunRecord) => NotMeasured | null;

const generator: Check = ({ file }) =>
  isMeasured(file)
    ? null
    : {
        what: "the generator",
        why: "no bridge read its event loop and CPU: its figures may be those of a busy machine",
      };

const lostTimes: Check = ({ file }) => {
  const lost = file.gaps.reduce((sum, { lostLatencies }) => sum + Math.max(0, lostLatencies), 0);
  if (lost === 0) return null;
  return { what: `times of ${countText(lost)} operations`, why: "they are counted; their times were lost on the way" };
};

/** A name with more failures than this shows too short a tail. */
const HIDING_SHARE = 0.01;
const LONGEST_NAME = 48;

const hiddenTails: Check = ({ file }) => {
  const [worst, ...others] = Object.entries(file.operations)
    .map(([name, operation]) => ({ name, ...hiddenBy(operation) }))
    .filter(({ hidden, count }) => hidden > HIDING_SHARE * count)
    .sort((a, b) => b.hidden / b.count - a.hidden / a.count);
  if (worst === undefined) return null;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return {
    what: `the slowest of ${nameText(worst.name)}${more}: ${percentText(worst.hidden, worst.count)} failed`,
    why: "percentiles are of ok answers: what timed out or broke off might have been their tail",
  };
};

/** An answer that is not as expected was timed like any other, in the record, and is no hidden tail of ok ones. */
const hiddenBy = (operation: OperationRecord): { hidden: number; count: number } => ({
  hidden: failuresOf(operation) - (operation.outcomes.assertion?.count ?? 0),
  count: endedOf(operation),
});

const dropped: Check = ({ file }) => {
  const starts = droppedStarts(file);
  if (starts > 0) {
    return {
      what: `the wait of ${countText(starts)} dropped starts`,
      why: "they found no free user within the limit, and are in no percentile: more users, or a lower rate",
    };
  }
  if (!hasRows(file.origin)) return null;
  return { what: "dropped starts", why: "the service's rows hold operations that began, and nothing of the others" };
};

const thinSamples: Check = ({ file }) => {
  const planned = plannedServers(file);
  const thin = Object.entries(file.operations).filter(([name, { outcomes }]) => {
    const count = outcomes.ok?.times[awaitedKind(name, planned)]?.count;
    return count !== undefined && count < CARRIES.p99Ms;
  });
  const [first, ...others] = thin;
  if (first === undefined) return null;
  return {
    what: others.length === 0 ? `p99 of ${nameText(first[0])}` : `p99 of ${thin.length} names`,
    why: `fewer than ${CARRIES.p99Ms} ok answers: the value shown is close to the maximum; a longer run carries it`,
  };
};

const harness: Check = ({ file }) =>
  file.harnessDelay.before.count > 0
    ? null
    : { what: "harness delay", why: "nobody compared what users meant with what was sent: it may be in the times" };

/** By how a target's class is written in the record. */
const NEAR = { loopback: "loopback", private: "a private network" } as const;

const network: Check = ({ file }) => {
  const used = new Set(Object.keys(file.operations).map(serverOf));
  const classes = new Set([...used].flatMap((name) => ownValue(file.servers, name)?.targetClass ?? []));
  const near = Object.entries(NEAR).filter(([each]) => classes.has(each));
  if (near.length === 0) return null;
  return {
    what: `users' network (targets on ${near.map(([, text]) => text).join(" and ")})`,
    why: "compare such a run only with runs against targets of the same kind",
  };
};

const closedModel: Check = ({ file }) =>
  plannedServers(file).size > 0 || Object.keys(file.operations).length === 0
    ? null
    : {
        what: "queues at a fixed rate",
        why: "each user waited for an answer before asking again, so a slow server was asked less: an arrival rate shows it",
      };

/** Below this the start of a run is not worth a word. */
const SMALL_SHARE = 0.01;

const warmUp: Check = (record) => {
  const seconds = rampSeconds(record.file);
  const share = shareWithin(record, seconds);
  if (share === null || share < SMALL_SHARE) return null;
  return {
    what: `a warm-up (${percentText(share, 1)} of operations came while users started)`,
    why: "first calls, with their new connections, are in the percentiles: a longer run makes them fewer",
  };
};

const rampSeconds = ({ plan: { users, spawnRate } }: RunFile): number =>
  typeof users === "number" && typeof spawnRate === "number" && spawnRate > 0 ? Math.ceil(users / spawnRate) : 0;

const shareWithin = (record: RunRecord, seconds: number): number | null => {
  const all = Object.values(record.file.operations).reduce((sum, { count }) => sum + count, 0);
  if (all === 0 || seconds === 0) return null;
  let within = 0;
  for (const { second, operations } of timelineRows(record)) {
    if (second >= seconds) break;
    for (const { count } of Object.values(operations)) within += count;
  }
  return within / all;
};

const serverMemory: Check = ({ file }) => {
  const used = new Set(Object.keys(file.operations).map(serverOf));
  const without = [...used].filter((name) => ownValue(file.facts.serverMemory, name) === undefined);
  if (without.length === 0) return null;
  const isPart = without.length < used.size;
  return {
    what: isPart ? `memory of ${without.map(nameText).join(", ")}` : "server memory",
    why: "no memory is set for it in loadtest.yaml (docs/soak.md)",
  };
};

const nameText = (name: string): string => shortened(printable(name), LONGEST_NAME);

const CHECKS: readonly Check[] = [
  generator,
  lostTimes,
  hiddenTails,
  dropped,
  thinSamples,
  harness,
  network,
  warmUp,
  closedModel,
  serverMemory,
];
