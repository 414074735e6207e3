/** What each server's connections, tools and marked answers showed, where there is something to show. */
import { countText, msText } from "../../record/duration-text.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Section } from "../document.ts";

const SHOWN_ROWS = 20;
/** Names of tools in one cell. */
const MOST_NAMED = 20;

export const serversSection = ({ record: { file } }: ReportContext): Section | null => {
  const blocks = [connections, toolLists, isolation, silences].flatMap((blocksOf) => blocksOf(file));
  return blocks.length === 0 ? null : { id: "servers", title: "Connections, tools, isolation", blocks };
};

const numbers = (...titles: readonly string[]) => titles.map((title) => ({ title, align: "number" as const }));

const counted = (count: number, tone?: "bad" | "warning"): Cell => ({
  text: countText(count),
  sort: count,
  ...(count > 0 && tone !== undefined && { tone }),
});

const connections = ({ facts }: RunFile): Block[] => {
  const rows = Object.entries(facts.connections ?? {});
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Connections",
      columns: [
        { title: "server" },
        { title: "opened" },
        ...numbers("requests", "used again", "most open", "streams held open", "closed by the server"),
        { title: "not made" },
      ],
      rows: rows.map(([server, { requests, opened, reused, peakOpen, peakStreams, closedByServer, failed }]) => [
        server,
        listText(opened),
        counted(requests),
        counted(reused),
        counted(peakOpen),
        counted(peakStreams),
        counted(closedByServer),
        { text: listText(failed), ...(Object.keys(failed).length > 0 && { tone: "bad" as const }) },
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

/** `40 h2, 2 http/1.1`. */
const listText = (counts: Readonly<Record<string, number | undefined>>): string => {
  const each = Object.entries(counts).map(([kind, count = 0]) => `${countText(count)} ${kind}`);
  return each.length === 0 ? "none" : each.join(", ");
};

const toolLists = ({ facts }: RunFile): Block[] => {
  const rows = Object.entries(facts.tools ?? {});
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Tools that servers listed",
      columns: [
        { title: "server" },
        ...numbers("tools", "lists that were looked at"),
        { title: "changed during the run" },
      ],
      rows: rows.map(([server, { tools, more, lists, differing }]) => [
        server,
        counted(Object.keys(tools).length + more),
        counted(lists),
        differing.length === 0 ? "none" : { text: namesText(differing), tone: "warning" },
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

const namesText = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${countText(more)} more` : ""}`;
};

const isolation = ({ facts }: RunFile): Block[] => {
  const rows = Object.entries(facts.isolation ?? {});
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Isolation: whose marks came back in answers",
      columns: [
        { title: "server" },
        ...numbers("answers", "calls marked", "own mark", "another session's", "of a later call of the same session"),
      ],
      rows: rows.map(([server, { answers, marked, echoed, leaked, swapped }]) => [
        server,
        counted(answers),
        counted(marked),
        counted(echoed),
        counted(leaked, "bad"),
        counted(swapped, "bad"),
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

const silences = ({ facts }: RunFile): Block[] => {
  const rows = Object.entries(facts.silences ?? {}).filter(([, each]) => each.silences > 0);
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Moments without any answer though calls were under way, ms",
      columns: [{ title: "server" }, ...numbers("moments", "calls that waited", "p50", "longest")],
      rows: rows.map(([server, { silences: count, waited, lengths }]) => [
        server,
        counted(count, "warning"),
        counted(waited),
        { text: msText(lengths.p50Ms), sort: lengths.p50Ms },
        { text: msText(lengths.maxMs), sort: lengths.maxMs },
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};
