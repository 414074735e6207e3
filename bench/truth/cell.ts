/** The cells of the comparison: how many users call a server of which kind how often, and who measures it. */
import { CONTENDER_NAMES, type ContenderName, contenderOf } from "./contenders.ts";
import { KIND_NAMES, type Kind } from "./kinds.ts";

/** `light` leaves a part of the machine idle, `full` is users without think time, `arrivals` a plan that waits for nobody. */
export const LOADS = ["light", "full", "arrivals"] as const;
export type Load = (typeof LOADS)[number];

export interface Cell {
  readonly kind: Kind;
  readonly users: number;
  readonly load: Load;
  readonly contender: ContenderName;
}

export const USERS = [1, 50, 200, 600] as const;
export const ARRIVALS_PER_SECOND = 200;
/** Enough for those that wait while the server is frozen. */
const ARRIVAL_USERS = 300;
const USUAL_USERS = 200;

/** Calls a second at most; requests, the slowest of the peers, needs a good third of a core for the largest. */
const MOST_CALLS_PER_SECOND = 600;
const SERVICE_MS = 50;
/** So short that one user makes a hundred calls in six seconds: a p99 of fewer is not judged. */
const LEAST_THINK_MS = 5;

/** Mean think time. Under an arrival rate and at full load nobody thinks. */
export const thinkMsOf = ({ users, load }: Pick<Cell, "users" | "load">): number =>
  load === "light" ? Math.max(LEAST_THINK_MS, (users * 1000) / MOST_CALLS_PER_SECOND - SERVICE_MS) : 0;

export interface Choice {
  readonly users: readonly number[] | null;
  readonly kinds: readonly Kind[] | null;
  readonly contenders: readonly ContenderName[] | null;
  readonly isFull: boolean;
}

/**
 * Whoever names users or kinds gets all their combinations at a light load; else ours meets every kind and number of users, the
 * peers the most telling ones. `isFull` is everything with everybody.
 */
export const cellsOf = ({ users, kinds, contenders, isFull }: Choice): Cell[] => {
  const who = contenders ?? CONTENDER_NAMES;
  const everything = combined(kinds ?? KIND_NAMES, users ?? USERS, who);
  if (users !== null || kinds !== null) return everything;
  const atTheLimit = [...openCells(who), ...fullCells(isFull ? who : who.slice(0, 1))];
  if (isFull) return [...everything, ...atTheLimit];
  const ours = who.filter((name) => name === "swarmbridge");
  const others = who.filter((name) => name !== "swarmbridge");
  return [
    ...USERS.flatMap((count) => combined(["json"], [count], who)),
    ...KIND_NAMES.filter((kind) => kind !== "json").flatMap((kind) => [
      ...combined([kind], [USUAL_USERS], ours),
      ...(PEERS_MEET.includes(kind) ? combined([kind], [USUAL_USERS], others) : []),
    ]),
    ...atTheLimit,
  ];
};

/** What a client's way of reading can get wrong: a stall of all, and a body that comes slowly. */
const PEERS_MEET: readonly Kind[] = ["freeze", "trickle"];

const combined = (kinds: readonly Kind[], users: readonly number[], who: readonly ContenderName[]): Cell[] =>
  kinds.flatMap((kind) =>
    users.flatMap((count) => who.map((contender): Cell => ({ kind, users: count, load: "light", contender }))),
  );

const openCells = (who: readonly ContenderName[]): Cell[] =>
  who
    .filter((contender) => contenderOf(contender).hasArrivals)
    .map((contender) => ({ kind: "freeze", users: ARRIVAL_USERS, load: "arrivals", contender }));

const fullCells = (who: readonly ContenderName[]): Cell[] =>
  who.map((contender) => ({ kind: "json", users: Math.max(...USERS), load: "full", contender }));

export const labelOf = ({ kind, users, load }: Cell): string =>
  load === "arrivals" ? `${kind}, ${ARRIVALS_PER_SECOND} arrivals/s` : `${kind}, ${users} users, ${load} load`;
