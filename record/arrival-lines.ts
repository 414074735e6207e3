/** What became of a server's planned starts, one line for each kind, and the response times that have their queue in them. */
import { countText, msText, percentText } from "./duration-text.ts";
import { indented, type Page } from "./page.ts";
import { percentileText } from "./percentile-text.ts";
import type { OperationRecord, RunFile } from "./run-file.ts";
import { HANDSHAKES, type ServerPart, serverOf } from "./server-part.ts";
import { printable, shortened } from "./text-table.ts";

/** Lines of either kind that a server gets; operations come in the order of the table, by how often. */
const MOST_LINES = 5;
const MOST_RESPONSES = 3;
const LONGEST_NAME = 40;
const DELETE = "session/delete";

/** @returns nothing for a server whose users paced themselves */
export const arrivalLines = (
  { name, operations }: ServerPart,
  { arrivals }: RunFile,
  { columns, paint }: Page,
): string[] => {
  const own = Object.entries(arrivals).filter(([arrival]) => serverOf(arrival) === name);
  if (own.length === 0) return [];
  const starts = own.slice(0, MOST_LINES).flatMap(([arrival, each]) => {
    const lines = indented(startsText(arrival, each), columns);
    return lines.map((line) => paint(each.failures > 0 ? "yellow" : "dim", line));
  });
  const fewestBegun = Math.min(...own.map(([, { count, failures }]) => count - failures));
  const timed = operations
    .filter(([operation]) => operation !== DELETE)
    // Where sessions arrive, each start has a handshake; where tasks do, the handshakes are those of the users.
    .filter(([operation, { count }]) => !HANDSHAKES.includes(operation) || count >= fewestBegun)
    .slice(0, MOST_RESPONSES);
  const responses = timed.flatMap(([operation, each]) => indented(responseText(operation, each), columns));
  return [...starts, ...responses.map((line) => paint("dim", line))];
};

/** `arrivals LearnUser: 1,700 planned, 1,690 begun (late p50 1.2, p99 4.1 ms), 10 dropped (0.6%)`. */
const startsText = (name: string, { count, failures, outcomes }: OperationRecord): string => {
  const late = outcomes.ok?.times.response;
  const lateText =
    late === undefined ? "" : ` (late p50 ${percentileText(late, "p50Ms")}, p99 ${percentileText(late, "p99Ms")} ms)`;
  const dropped = failures === 0 ? "none dropped" : `${countText(failures)} dropped (${percentText(failures, count)})`;
  const what = shortened(printable(name.split(":").slice(2).join(":")), LONGEST_NAME);
  return `arrivals ${what}: ${countText(count)} planned, ${countText(count - failures)} begun${lateText}, ${dropped}`;
};

const responseText = (operation: string, { outcomes }: OperationRecord): string => {
  const times = outcomes.ok?.times.response;
  const figures = [
    `p50 ${percentileText(times, "p50Ms")}`,
    `p95 ${percentileText(times, "p95Ms")}`,
    `p99 ${percentileText(times, "p99Ms")}`,
    `max ${times === undefined ? "-" : msText(times.maxMs)} ms`,
  ];
  return `response time of ${shortened(operation, LONGEST_NAME)}: ${figures.join(", ")}`;
};
