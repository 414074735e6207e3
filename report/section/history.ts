/** The run in its row: its figures beside those of earlier runs with the same load. R90: the trend counts as much as the run. */
import { changeText, valueText } from "../../gate/compare/compare-words.ts";
import { type Quantity, RULES } from "../../gate/compare/quantity.ts";
import { type History, historyOf } from "../../gate/history/history.ts";
import { historyTitle, isWorse, latestText } from "../../gate/history/history-words.ts";
import { FEWEST_BEFORE } from "../../gate/history/latest-in-row.ts";
import { loadKey } from "../../gate/history/same-load.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Lines, Section } from "../document.ts";

/** Of fewer there is no row to see. */
const FEWEST_RUNS = 3;
const MOST_NAMES = 5;
const TOO_FEW_RUNS = "too few runs";

export const historySection = ({ record: { file }, previous }: ReportContext): Section | null => {
  const key = loadKey(file);
  const files = [...previous.map((run) => run.file).filter((each) => loadKey(each) === key)].reverse().concat(file);
  if (files.length < FEWEST_RUNS) return null;
  const histories = [
    historyOf(files, null, "throughput"),
    historyOf(files, null, "errorPercent"),
    ...busiestNames(file).map((name) => historyOf(files, name, "p95Ms")),
  ];
  const times = histories.slice(2);
  const worse = histories.filter(isWorse);
  const isJudged = histories.some(({ latest }) => latest?.told !== TOO_FEW_RUNS);
  const row: Block[] = [
    table(histories, isJudged),
    ...(times.length === 0 ? [] : [chart("p95Ms", "p95 of the busiest operations, run by run", files, times)]),
    chart("throughput", "Operations a second, run by run", files, histories.slice(0, 1)),
  ];
  return {
    id: "history",
    title: "In the row of earlier runs",
    blocks: [
      {
        kind: "paragraph",
        text: `This run and the ${files.length - 1} before it with the same locustfile, users, shape and servers, among the newest 30 in the same folder. Runs that are not complete or whose generator was saturated do not count.`,
      },
      ...(isJudged ? [] : [TOO_FEW]),
      ...worse.map(
        (history): Block => ({
          kind: "paragraph",
          tone: "warning",
          text: `${historyTitle(history)}: ${latestText(history)}.`,
        }),
      ),
      // What is fine is looked at by few.
      ...(worse.length > 0 ? row : [{ kind: "details" as const, summary: "Figures, run by run", blocks: row }]),
    ],
  };
};

const TOO_FEW: Block = {
  kind: "paragraph",
  text: `Whether its figures are usual cannot be judged: ${FEWEST_BEFORE} runs that count are needed before it.`,
};

/** Tool calls first: handshakes are nobody's wait. */
const busiestNames = ({ operations }: RunFile): string[] =>
  Object.entries(operations)
    .filter(([name, { outcomes }]) => name.includes(":tools/call") && (outcomes.ok?.count ?? 0) > 0)
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, MOST_NAMES)
    .map(([name]) => name);

/** @param isJudged else nothing is said of what is usual, in no row */
const table = (histories: readonly History[], isJudged: boolean): Block => ({
  kind: "table",
  caption: "The latest value of each figure beside those before it",
  columns: [
    { title: "figure" },
    { title: "course", isPicture: true },
    { title: "runs", align: "number" },
    { title: "latest", align: "number" },
    { title: "median before", align: "number" },
    ...(isJudged
      ? [
          { title: "usual", align: "number" as const },
          { title: "the latest is" },
          { title: "drift a run", align: "number" as const },
        ]
      : []),
  ],
  rows: histories.map((history) => {
    const { quantity, points, latest } = history;
    const text = (value: number): string => valueText(quantity, value);
    const counted = points.flatMap(({ value, leftOut }) => (value === null || leftOut !== null ? [] : [value]));
    const last = points.at(-1)?.value;
    const usual = latest?.usual;
    return [
      historyTitle(history),
      { text: "", shape: counted },
      String(counted.length),
      last == null ? "-" : text(last),
      latest == null || latest.before === 0 ? "-" : text(latest.medianBefore),
      ...(isJudged
        ? [
            usual == null ? "-" : `${text(usual.low)} to ${text(usual.high)}`,
            { text: toldOf(history), ...(isWorse(history) && { tone: "warning" as const }) },
            latest?.drift == null ? "-" : changeText(quantity, latest.drift),
          ]
        : []),
    ];
  }),
});

const toldOf = ({ latest, points }: History): string =>
  latest?.told ?? `not counted: ${points.at(-1)?.leftOut ?? "no such figure"}`;

const chart = (quantity: Quantity, title: string, files: readonly RunFile[], histories: readonly History[]): Lines => ({
  kind: "chart",
  type: "lines",
  title,
  says: `Of ${files.length} runs, the latest: ${histories.map((each) => `${each.name ?? "all operations"} ${latestValue(each)}`).join("; ")}.`,
  x: { label: "run, the latest last", unit: "count", values: files.map((_, index) => index + 1) },
  y: { label: RULES[quantity].title, unit: quantity === "throughput" ? "perSecond" : "ms" },
  series: histories.map(({ name, points }) => ({
    name: name ?? "all operations",
    values: points.map(({ value, leftOut }) => (leftOut === null ? value : null)),
  })),
});

const latestValue = (history: History): string => {
  const value = history.points.at(-1)?.value;
  if (value == null) return toldOf(history);
  const text = valueText(history.quantity, value);
  return history.latest?.told === TOO_FEW_RUNS ? text : `${text}, ${toldOf(history)}`;
};
