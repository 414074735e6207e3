/** Answers that came in pieces: how far apart they were, what was told of progress, and what else the servers said and asked. */
import { countText, msText } from "../../record/duration-text.ts";
import type { FactTimes } from "../../record/facts/fact-times.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Section } from "../document.ts";

const SHOWN_ROWS = 20;

export const streamsSection = ({ record: { file } }: ReportContext): Section | null => {
  const { streams = {}, fromServer = {} } = file.facts;
  const blocks = [...streamsTable(streams), ...fromServerTable(fromServer)];
  return blocks.length === 0 ? null : { id: "streams", title: "Streams and progress", blocks };
};

type Facts = ReportContext["record"]["file"]["facts"];

const numbers = (...titles: readonly string[]) => titles.map((title) => ({ title, align: "number" as const }));

const streamsTable = (streams: NonNullable<Facts["streams"]>): Block[] => {
  const rows = Object.entries(streams).sort(([, a], [, b]) => b.largestGapMs - a.largestGapMs);
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Answers of several events, and calls that asked for progress, ms",
      columns: [
        { title: "operation" },
        ...numbers(
          "streams",
          "events",
          "gap p50",
          "gap p95",
          "largest gap",
          "asked for progress",
          "were told",
          "first progress p50",
          "p95",
        ),
      ],
      rows: rows.map(([name, { streams: count, events, gaps, largestGapMs, progress }]) => [
        { text: [{ text: name, style: "code" }] },
        { text: countText(count), sort: count },
        { text: countText(events), sort: events },
        msCell(gaps, "p50Ms"),
        msCell(gaps, "p95Ms"),
        { text: msText(largestGapMs), sort: largestGapMs },
        { text: countText(progress.asked), sort: progress.asked },
        {
          text: countText(progress.told),
          sort: progress.told,
          ...(progress.told < progress.asked && { tone: "warning" as const }),
        },
        msCell(progress.first, "p50Ms"),
        msCell(progress.first, "p95Ms"),
      ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

const fromServerTable = (fromServer: NonNullable<Facts["fromServer"]>): Block[] => {
  const rows = Object.entries(fromServer).flatMap(([server, { counts }]) =>
    Object.entries(counts).map(([kind, count = 0]) => ({ server, kind, count })),
  );
  if (rows.length === 0) return [];
  const unanswered = Object.entries(fromServer).filter(([, each]) => each.unanswered > 0);
  return [
    {
      kind: "table",
      caption: "What servers said and asked besides their answers",
      columns: [{ title: "server" }, { title: "kind" }, ...numbers("count")],
      rows: rows
        .sort((a, b) => b.count - a.count)
        .map(({ server, kind, count }) => [server, kind, { text: countText(count), sort: count }]),
      shownRows: SHOWN_ROWS,
    },
    ...unanswered.map(
      ([server, each]): Block => ({
        kind: "paragraph",
        tone: "warning",
        text: `${server}: ${countText(each.unanswered)} requests came too fast to be answered.`,
      }),
    ),
  ];
};

const msCell = (times: FactTimes, key: "p50Ms" | "p95Ms"): Cell =>
  times.count === 0 ? { text: "-", sort: -1 } : { text: msText(times[key]), sort: times[key] };
