/** The list of runs as a terminal shows it. */
import { countText, durationText, msText, percentText } from "../../record/duration-text.ts";
import { type PageOptions, pageOf } from "../../record/page.ts";
import { printable, tableLines, wrapped } from "../../record/text-table.ts";
import type { RunRow } from "./run-row.ts";

const EXPLAINED = "p95: of the tool call that was answered well most often, in ms.";
/** Narrower ones have no room for what was run. */
const WIDE_FROM = 120;
const MOST_SERVERS = 3;
const NONE = "-";

/** @param rows the oldest first: the newest stands where the eye is @param notes one sentence each */
export const runTable = (rows: readonly RunRow[], notes: readonly string[], options: PageOptions): string[] => {
  const { columns, paint } = pageOf(options);
  const hasGate = rows.some(({ gate }) => gate !== null);
  const titles = ["run", "users", "length", "ops", "failed", "p95", "generator", ...(hasGate ? ["gate"] : [])];
  const cells = rows.map((row) => [...cellsOf(row), ...(hasGate ? [row.gate ?? NONE] : [])].map(printable));
  const whats = ["what", ...rows.map((row) => printable(whatOf(row)))];
  const table = rows.length === 0 ? [] : tableLines([titles, ...cells], columns);
  const lines = columns < WIDE_FROM ? table : withLast(table, whats, columns);
  return [
    ...lines.map((line, index) => (index === 0 ? paint("bold", line) : paintedFor(rows[index - 1], line, paint))),
    ...(rows.length === 0 ? [] : [paint("dim", EXPLAINED)]),
    ...notes.flatMap((note) => wrapped(printable(note), columns)),
  ];
};

const cellsOf = (row: RunRow): string[] => [
  row.run,
  row.users === null ? NONE : countText(row.users),
  row.seconds === null ? NONE : durationText(row.seconds * 1000),
  row.operations === null ? NONE : countText(row.operations),
  row.failures === null || row.operations === null ? NONE : percentText(row.failures, row.operations),
  row.busiest === null ? NONE : msText(row.busiest.p95Ms),
  row.state === "complete" ? (row.generator ?? NONE) : STATES[row.state],
];

/** In the place of the generator's verdict: of a run that did not end nothing else is worth a column. */
const STATES = {
  running: "not ended",
  parts: "not merged",
  unreadable: "unreadable",
} as const satisfies Record<Exclude<RunRow["state"], "complete">, string>;

const whatOf = ({ locustfile, servers }: RunRow): string => {
  const more = servers.length - MOST_SERVERS;
  const named = `${servers.slice(0, MOST_SERVERS).join(", ")}${more > 0 ? ` +${more}` : ""}`;
  return [locustfile, named].filter((text) => text !== null && text !== "").join(": ");
};

/** A text column at the end: what does not fit is cut, and no other column is. */
const withLast = (lines: readonly string[], texts: readonly string[], columns: number): string[] => {
  const width = Math.max(...lines.map((line) => line.length));
  return lines.map((line, index) => `${line.padEnd(width)}  ${texts[index] ?? ""}`.slice(0, columns).trimEnd());
};

const paintedFor = (row: RunRow | undefined, line: string, paint: ReturnType<typeof pageOf>["paint"]): string => {
  if (row?.gate === "FAILED") return paint("red", line);
  return row?.state !== "complete" || row.generator === "saturated" ? paint("yellow", line) : line;
};
