/** The comparison as a table: the truth, by how much each report is off it, and what that makes of the report. */
import { type Column, NOTHING, table } from "../table.ts";
import { ARRIVALS_PER_SECOND, type Load } from "./cell.ts";
import { CONTENDERS } from "./contenders.ts";
import type { Percentiles } from "./task.ts";
import type { TruthRow } from "./truth-rows.ts";

const USERS_TEXTS = {
  light: String,
  full: (users: number) => `${users}, no think time`,
  arrivals: () => `${ARRIVALS_PER_SECOND} starts/s`,
} as const satisfies Record<Load, (users: number) => string>;

const COLUMNS: readonly Column<TruthRow>[] = [
  { title: "server", cell: ({ cell }) => cell.kind, isText: true },
  {
    title: "users",
    cell: ({ cell }) => USERS_TEXTS[cell.load](cell.users),
  },
  { title: "reported by", cell: ({ cell }) => CONTENDERS[cell.contender].title, isText: true },
  { title: "calls/s", cell: ({ callsPerSecond }) => callsPerSecond.toFixed(0) },
  { title: "idle", cell: ({ idle }) => (idle === null ? NOTHING : `${Math.round(idle * 100)} %`) },
  ...(["p50Ms", "p95Ms", "p99Ms"] as const).flatMap((key): Column<TruthRow>[] => [
    { title: `true ${key.slice(0, 3)}`, cell: ({ truth }) => truth[key].toFixed(1) },
    { title: "off by", cell: (row) => offText(row, key) },
  ]),
  { title: "its table's p99", cell: ({ tableOff }) => (tableOff === null ? NOTHING : signed(tableOff.p99Ms)) },
  {
    title: "harness p99",
    cell: ({ harnessMs }) => harnessMs?.map((ms) => ms.toFixed(1)).join(" + ") ?? NOTHING,
  },
  { title: "generator", cell: ({ verdicts }) => [...new Set(verdicts)].join(", ") || NOTHING, isText: true },
  { title: "is", cell: ({ standing }) => standing, isText: true },
];

export const truthTable = (rows: readonly TruthRow[]): string => table(COLUMNS, rows);

const offText = ({ off, truth }: TruthRow, key: keyof Percentiles): string =>
  `${signed(off[key])} (${signed((100 * off[key]) / Math.max(truth[key], Number.EPSILON), 0)} %)`;

const signed = (value: number, digits = 1): string => {
  const text = value.toFixed(digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
};
