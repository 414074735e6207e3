/** The newest search for the session ceiling of each server of the run: its answer, its picture, its table. */
import type { Found } from "../../capacity/ceiling/ceiling-file.ts";
import { headline, remarks, TABLE_HEAD, tableRows } from "../../capacity/ceiling/ceiling-lines.ts";
import { pictureOf } from "../../capacity/picture/picture.ts";
import { msText } from "../../record/duration-text.ts";
import { byServer } from "../../record/server-part.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Lines, Section, Table } from "../document.ts";
import { code, strong } from "../span.ts";

export const ceilingSection = ({ record: { file }, ceilingOf }: ReportContext): Section | null => {
  const found = [null, ...byServer(file).map(({ name }) => name)].flatMap((server) => ceilingOf(server) ?? []);
  if (found.length === 0) return null;
  return { id: "ceiling", title: "Session ceiling", blocks: found.flatMap(blocksOf) };
};

const blocksOf = (found: Found): Block[] => {
  const { head } = found;
  const who = head.server === null ? "All servers together" : code(head.server);
  const picture = pictureOf(found);
  return [
    {
      kind: "paragraph",
      text: [
        who,
        ": ",
        strong(headline(found)),
        `. Another run than this one: ${head.id}, ${head.startedAt.slice(0, 10)}.`,
      ],
    },
    { kind: "list", items: remarks(found, null) },
    ...(picture.points.length < 2 ? [] : [ceilingChart(found)]),
    { kind: "details", summary: "Each step", blocks: [stepsTable(found)] },
  ];
};

export const stepsTable = (found: Found): Table => ({
  kind: "table",
  caption: "Steps of the search",
  columns: TABLE_HEAD.map((title, index) => ({
    title: title === "" ? "result" : title,
    align: index < NUMBERS ? ("number" as const) : ("text" as const),
  })),
  rows: tableRows(found),
  shownRows: 30,
});

/** Columns of the steps' table that hold numbers. */
const NUMBERS = 7;

export const ceilingChart = (found: Found): Lines => {
  const { points, limitMs, unit } = pictureOf(found);
  const [first, last] = [points[0], points.at(-1)];
  const from = first === undefined ? "" : `${msText(first.p99Ms)} ms at ${first.at}`;
  const to = last === undefined ? "" : `${msText(last.p99Ms)} ms at ${last.at}`;
  return {
    kind: "chart",
    type: "lines",
    title: `p99 by ${unit}`,
    says: `p99 goes from ${from} to ${to} ${unit}; the limit is ${msText(limitMs)} ms.`,
    x: { label: unit, unit: "count", values: points.map(({ at }) => at) },
    y: { label: "p99", unit: "ms" },
    series: [{ name: "p99", values: points.map(({ p99Ms }) => p99Ms), line: "line" }],
    limits: [{ name: "limit of p99", at: limitMs, tone: "bad" }],
  };
};
