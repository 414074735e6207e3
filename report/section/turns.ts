/** Turns, what lies between two think times, and calls that were sent at once. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { type Bursts, lanesOfBursts } from "../../record/facts/bursts.ts";
import { lightestLoad } from "../../record/facts/by-load.ts";
import { failuresOf } from "../../record/limit-use.ts";
import { percentileText } from "../../record/percentile-text.ts";
import { plannedServers } from "../../record/planned-starts.ts";
import type { OperationRecord, RunFile } from "../../record/run-file.ts";
import { serverOf } from "../../record/server-part.ts";
import { lanesText } from "../../record/turn-lines.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Section, Table } from "../document.ts";

const SHOWN_ROWS = 20;

export const turnsSection = ({ record: { file } }: ReportContext): Section | null => {
  const blocks = [...turnsTable(file), ...burstsTable(file)];
  return blocks.length === 0 ? null : { id: "turns", title: "Turns and calls at once", blocks };
};

const turnsTable = ({ turns, operations, arrivals }: RunFile): Block[] => {
  const rows = Object.entries(turns).sort(([, a], [, b]) => b.count - a.count);
  if (rows.length === 0) return [];
  const planned = plannedServers({ arrivals });
  const hasPlanned = rows.some(([name]) => planned.has(serverOf(name)));
  const table: Table = {
    kind: "table",
    caption: "Turns: from the first call sent to the last answer, ms",
    columns: [
      { title: "turn" },
      ...["count", "failed", "p50", "p95", "p99", "max"].map((title) => ({ title, align: "number" as const })),
      ...(hasPlanned ? [{ title: "from the planned start", align: "number" as const, hint: "p95" }] : []),
    ],
    rows: rows.map(([name, turn]) => {
      const { service, response } = turn.outcomes.ok?.times ?? {};
      const failures = failuresOf(turn);
      return [
        codeCell(turnLabel(name)),
        { text: countText(turn.count), sort: turn.count },
        failures === 0
          ? { text: ".", sort: 0 }
          : {
              text: `${percentText(failures, turn.count)} (${countText(failures)})`,
              sort: failures / turn.count,
              tone: "bad",
            },
        ...(["p50Ms", "p95Ms", "p99Ms"] as const).map(
          (key): Cell => ({
            text: percentileText(service, key),
            sort: service?.[key] ?? -1,
          }),
        ),
        { text: service === undefined ? "-" : msText(service.maxMs), sort: service?.maxMs ?? -1 },
        ...(hasPlanned ? [{ text: percentileText(response, "p95Ms"), sort: response?.p95Ms ?? -1 }] : []),
      ];
    }),
    shownRows: SHOWN_ROWS,
  };
  const perTurn = callsPerTurn(turns, operations);
  return perTurn.length === 0 ? [table] : [table, { kind: "list", items: perTurn }];
};

/** Of the servers that have turns; calls outside of turns cannot be told from those within. */
const callsPerTurn = (turns: RunFile["turns"], operations: RunFile["operations"]): string[] => {
  const servers = [...new Set(Object.keys(turns).map(serverOf))];
  return servers.flatMap((server) => {
    const count = countOf(turns, (name) => serverOf(name) === server);
    const calls = countOf(operations, (name) => name.startsWith(`${server}:tools/call`));
    return count === 0 || calls === 0
      ? []
      : `${server}: ${(calls / count).toFixed(1)} tool calls for each turn, those outside of turns included`;
  });
};

const countOf = (records: Readonly<Record<string, OperationRecord>>, isOf: (name: string) => boolean): number =>
  Object.entries(records).reduce((sum, [name, { count }]) => (isOf(name) ? sum + count : sum), 0);

const burstsTable = ({ facts, parts }: RunFile): Block[] => {
  const rows = Object.entries(facts.bursts ?? {}).sort(([, a], [, b]) => b.bursts - a.bursts);
  if (rows.length === 0) return [];
  // What other processes had under way when a burst began is not known.
  const isOneProcess = parts.length <= 1;
  const found = (name: string, burst: Bursts[string]): string => {
    const lanes = isOneProcess ? lanesOfBursts(burst, lightestLoad(serverOf(name), facts.byLoad)) : null;
    return lanes === null ? "not clear" : lanesText(lanes);
  };
  return [
    {
      kind: "table",
      caption: "Calls that were sent at once: from the first one sent to the last one's end, ms",
      columns: [
        { title: "where" },
        ...["bursts", "calls in each", "all on the wire together", "most together", "p50", "p95"].map((title) => ({
          title,
          align: "number" as const,
        })),
        { title: "how many the server worked on" },
      ],
      rows: rows.map(([name, burst]) => [
        codeCell(turnLabel(name)),
        { text: countText(burst.bursts), sort: burst.bursts },
        burst.bursts === 0 ? "-" : (burst.calls / burst.bursts).toFixed(1),
        percentText(burst.together, burst.bursts),
        countText(burst.mostInFlight),
        burst.took.count === 0 ? "-" : { text: msText(burst.took.p50Ms), sort: burst.took.p50Ms },
        burst.took.count === 0 ? "-" : { text: msText(burst.took.p95Ms), sort: burst.took.p95Ms },
        found(name, burst),
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

/** `learn: research` of `learn:turn:research`. */
const turnLabel = (name: string): string => {
  const [server = "", kind = "", ...rest] = name.split(":");
  return rest.length === 0
    ? `${server}: ${kind === "parallel" ? "outside of turns" : kind}`
    : `${server}: ${rest.join(":")}`;
};

const codeCell = (text: string): Cell => ({ text: [{ text, style: "code" }] });
