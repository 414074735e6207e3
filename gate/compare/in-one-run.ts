/** Two servers of one run, of which the second had the traffic of the first (`trafficOf`): an A/B test. docs/compare.md. */
import type { RunRecord } from "../../record/read-run.ts";
import type { RunFile } from "../../record/run-file.ts";
import { secondsOf } from "../measured.ts";
import { type Block, blocksOf, blocksTogether } from "./blocks.ts";
import { type Budgets, DEFAULT_BUDGETS } from "./budget.ts";
import type { ChangedRow, Changes } from "./changed-row.ts";
import { type Comparison, comparisonOf } from "./comparison.ts";
import { figuresOf } from "./figures-of.ts";
import { faultsOf, targetOf } from "./measure-run.ts";
import {
  changeOfDifference,
  isCarried,
  type PairedName,
  type PairedSide,
  pairedDifference,
  type TimeQuantity,
  workDifference,
} from "./paired-change.ts";
import { QUANTITIES, TIME_QUANTITIES } from "./quantity.ts";

export interface ServerPair {
  readonly before: string;
  readonly after: string;
}

/** Servers with the traffic of another one, in order. */
export const pairsIn = ({ servers }: Pick<RunFile, "servers">): ServerPair[] =>
  Object.entries(servers).flatMap(([after, { trafficOf }]) =>
    typeof trafficOf === "string" && Object.hasOwn(servers, trafficOf) ? [{ before: trafficOf, after }] : [],
  );

/** Names that do less than this share of all operations together do not stand for the servers. */
const MOST_OF_IT = 0.5;

export const compareServers = (record: RunRecord, pair: ServerPair, budgets: Budgets = DEFAULT_BUDGETS): Comparison => {
  const { file } = record;
  const seconds = secondsOf(record);
  const blocks = blocksOf(record, seconds);
  const [before, after] = [sideOf(file, blocks, pair.before), sideOf(file, blocks, pair.after)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const run = { seconds, isEven: sessionsOf(file, pair.before) === sessionsOf(file, pair.after) };
  const rows = names.map((name) => pairedRow({ kind: "name", title: name }, [before.get(name), after.get(name)], run));
  const all = pairedRow({ kind: "all", title: "all operations" }, [together(before), together(after)], run);
  return comparisonOf([all.row, workRow(rows, all), ...rows.map(({ row }) => row)], budgets, {
    before: [pair.before],
    after: [pair.after],
    invalid: [
      ...faultsOf(file),
      ...(
        [
          [pair.before, before],
          [pair.after, after],
        ] as const
      ).flatMap(([server, side]) => (side.size === 0 ? [`${server} had no operation`] : [])),
    ],
    notes: [
      `both in the run ${file.id}, compared second by second`,
      ...targetNote(file, pair),
      ...evenNote(file, pair),
    ],
  });
};

interface Counted {
  readonly count: number;
  readonly failures: number;
  readonly blocks: readonly Block[];
}

/** By the name without the server's. */
const sideOf = (file: RunFile, blocks: ReadonlyMap<string, readonly Block[]>, server: string): Map<string, Counted> => {
  const prefix = `${server}:`;
  return new Map(
    Object.entries(file.operations).flatMap(([name, { count, failures }]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), { count, failures, blocks: blocks.get(name) ?? [] }]] : [],
    ),
  );
};

const together = (side: ReadonlyMap<string, Counted>): Counted | undefined => {
  if (side.size === 0) return undefined;
  const parts = [...side.values()];
  const sum = (key: "count" | "failures"): number => parts.reduce((all, part) => all + part[key], 0);
  const held = parts.filter(({ blocks }) => blocks.length > 0);
  return {
    count: sum("count"),
    failures: sum("failures"),
    blocks: blocksTogether(new Map(held.map(({ blocks }, index) => [String(index), blocks]))),
  };
};

interface PairedRow {
  readonly row: ChangedRow;
  /** null: one side has none. */
  readonly pair: PairedName | null;
}

const pairedRow = (
  named: Pick<ChangedRow, "kind" | "title">,
  [a, b]: readonly [Counted | undefined, Counted | undefined],
  { seconds, isEven }: { readonly seconds: number; readonly isEven: boolean },
): PairedRow => {
  const [before, after] = [pairedSide(a, seconds), pairedSide(b, seconds)];
  const changes: Changes = {};
  for (const quantity of QUANTITIES) {
    if (before === undefined || after === undefined) break;
    const difference = pairedDifference(quantity, before, after);
    if (difference === undefined) continue;
    const isTold = difference !== null && (quantity !== "throughput" || isEven);
    changes[quantity] = isTold ? changeOfDifference(quantity, difference) : null;
  }
  const row = { ...named, before: a?.count ?? null, after: b?.count ?? null, changes };
  const pair = before === undefined || after === undefined ? null : { a: before, b: after, weight: countOf(row) };
  return { row, pair };
};

const pairedSide = (side: Counted | undefined, seconds: number): PairedSide | undefined =>
  side && { figures: figuresOf(side.blocks, side, seconds), blocks: side.blocks };

/** All names with the same weight on both sides: percentiles of all operations move when the mixture of calls does. */
const workRow = (rows: readonly PairedRow[], all: PairedRow): ChangedRow => {
  const changes: Changes = {};
  const operations = countOf(all.row);
  const pairs = rows.flatMap(({ pair }) => pair ?? []).sort((a, b) => b.weight - a.weight);
  for (const quantity of TIME_QUANTITIES) {
    const told = carriedTogether(quantity, pairs);
    const total = told.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0 || total < MOST_OF_IT * operations) continue;
    const whole = workDifference(quantity, told);
    if (whole !== null) changes[quantity] = changeOfDifference(quantity, whole);
  }
  return { kind: "work", title: "the same work", before: null, after: null, changes };
};

/** Those that tell in the same blocks, the busiest first: a rare name would leave too few blocks for all. */
const carriedTogether = (quantity: TimeQuantity, pairs: readonly PairedName[]): PairedName[] => {
  const told: PairedName[] = [];
  for (const pair of pairs) if (isCarried(quantity, [...told, pair])) told.push(pair);
  return told;
};

const countOf = ({ before, after }: ChangedRow): number => (before ?? 0) + (after ?? 0);

const sessionsOf = ({ sessions }: RunFile, server: string): number =>
  Object.hasOwn(sessions.byServer, server) ? (sessions.byServer[server]?.peak ?? 0) : 0;

/** How much is done in a given time says first how many there were to do it. */
const evenNote = (file: RunFile, { before, after }: ServerPair): string[] => {
  const [a, b] = [sessionsOf(file, before), sessionsOf(file, after)];
  return a === b ? [] : [`${before} had ${a} sessions and ${after} ${b}: how much each did is not compared`];
};

const targetNote = ({ servers }: RunFile, { before, after }: ServerPair): string[] => {
  const [a, b] = [targetOf(servers[before] ?? {}), targetOf(servers[after] ?? {})];
  return a === b ? [] : [`${before} is a ${a} target, ${after} a ${b} one: the network is part of the difference`];
};
