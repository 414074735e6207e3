/** What a server's turns came to, one line each, and the calls that were sent at once, a line for each kind of burst. */
import { countText, msText } from "./duration-text.ts";
import { type Bursts, lanesOfBursts } from "./facts/bursts.ts";
import { lightestLoad } from "./facts/by-load.ts";
import type { LanesFound } from "./facts/lanes.ts";
import { failuresOf } from "./limit-use.ts";
import { indented, type Page } from "./page.ts";
import { percentileText } from "./percentile-text.ts";
import { plannedServers } from "./planned-starts.ts";
import type { OperationRecord, RunFile } from "./run-file.ts";
import { sectionOf } from "./section.ts";
import { serverOf } from "./server-part.ts";
import { printable, shortened } from "./text-table.ts";

/** Lines of either kind that a server gets; the rest is counted. */
const MOST_LINES = 5;
const LONGEST_NAME = 40;
/** Of one turn that failed for many reasons. */
const MOST_REASONS = 3;

/** @returns nothing for a server whose users made no turns and sent nothing at once */
export const turnLines = (
  server: string,
  { turns, facts, arrivals, parts }: RunFile,
  { columns, paint }: Page,
): string[] => {
  const isPlanned = plannedServers({ arrivals }).has(server);
  // What other processes had under way when a burst began is not known.
  const isOneProcess = parts.length <= 1;
  const light = lightestLoad(server, facts.byLoad);
  const lines = [
    ...listed(
      ofServer(turns, server),
      ({ count }) => count,
      "turns",
      (name, turn) => turnText(name, turn, isPlanned),
    ),
    ...listed(
      ofServer(facts.bursts ?? {}, server),
      ({ bursts }) => bursts,
      "kinds of bursts",
      (name, burst) => burstText(name, burst, isOneProcess ? lanesOfBursts(burst, light) : null),
    ),
  ];
  return lines.flatMap(({ text, isBad }) =>
    indented(text, columns).map((line) => paint(isBad ? "yellow" : "dim", line)),
  );
};

interface Line {
  readonly text: string;
  readonly isBad: boolean;
}

const ofServer = <Value>(byName: Readonly<Record<string, Value>>, server: string): [name: string, value: Value][] =>
  Object.entries(byName).filter(([name]) => serverOf(name) === server);

/** The most frequent first. */
const listed = <Value>(
  entries: readonly [name: string, value: Value][],
  countOf: (value: Value) => number,
  what: string,
  line: (name: string, value: Value) => Line,
): Line[] => {
  const sorted = [...entries].sort(([, one], [, other]) => countOf(other) - countOf(one));
  const lines = sorted.slice(0, MOST_LINES).map(([name, value]) => line(name, value));
  const rest = sorted.length - lines.length;
  return rest > 0 ? [...lines, { text: `and ${rest} other ${what}`, isBad: false }] : lines;
};

/** `learn:turn:research` without what all of them have. */
const shortName = (name: string): string => shortened(printable(name.split(":").slice(2).join(":")), LONGEST_NAME);

const turnText = (name: string, turn: OperationRecord, isPlanned: boolean): Line => {
  const { count, outcomes } = turn;
  const failures = failuresOf(turn);
  const cutOff = outcomes.cancelled?.count ?? 0;
  const times = outcomes.ok?.times;
  const facts = [
    `${countText(count)}`,
    ...(failures > 0 ? [`${countText(failures)} failed (${reasonsText(outcomes)})`] : []),
    ...(cutOff > 0 ? [`${countText(cutOff)} cut off`] : []),
    `p50 ${percentileText(times?.service, "p50Ms")}, p95 ${percentileText(times?.service, "p95Ms")} ms`,
    // Under an arrival rate the queue before a turn is what its user waits for as well.
    ...(isPlanned ? [`from the planned start p95 ${percentileText(times?.response, "p95Ms")} ms`] : []),
  ];
  return { text: `turn ${shortName(name)}: ${facts.join(", ")}`, isBad: failures > 0 };
};

const reasonsText = (outcomes: OperationRecord["outcomes"]): string => {
  const reasons = Object.entries(outcomes)
    .map(([reason, { count = 0 } = {}]): [string, number] => [reason, count])
    .filter(([reason, count]) => reason !== "ok" && reason !== "cancelled" && count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${reason} ${countText(count)}`);
  return reasons.length <= MOST_REASONS ? reasons.join(", ") : `${reasons.slice(0, MOST_REASONS).join(", ")}, ...`;
};

const burstText = (name: string, burst: Bursts[string], found: LanesFound | null): Line => {
  const { bursts, calls, together, mostInFlight, took } = burst;
  const size = bursts > 0 ? calls / bursts : 0;
  const where = sectionOf(name) === "turns" ? ` in turn ${shortName(name)}` : "";
  const facts = [
    `${countText(bursts)} x ${Number.isInteger(size) ? size : size.toFixed(1)}`,
    together === bursts
      ? "all together on the wire"
      : `${countText(together)} of them all together (at most ${mostInFlight})`,
    ...(took.count > 0 ? [`p50 ${msText(took.p50Ms)}, p95 ${msText(took.p95Ms)} ms`] : []),
    ...(found === null ? [] : [lanesText(found)]),
  ];
  return { text: `at once${where}: ${facts.join(", ")}`, isBad: false };
};

export const lanesText = ({ fewest, most }: LanesFound): string => {
  if (fewest === 1 && most === "all") return "not clear how many the server worked on at once";
  if (fewest === "all") return "the server worked on all of them at once";
  if (most === "all") return `the server worked on ${fewest} or more at a time`;
  if (most === 1) return "the server worked on one after the other";
  return `the server worked on ${fewest === most ? fewest : `${fewest} to ${most}`} at a time`;
};
