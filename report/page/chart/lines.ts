/** Lines, steps and dots over a common x, with bands between them and limits across. */
import type { ChartConfiguration, ChartDataset } from "chart.js";
import type { Axis } from "../../document.ts";
import { scaleFor } from "./axes.ts";
import { axisText } from "./axis-text.ts";
import type { LinesData } from "./chart-data.ts";
import { DASHED, type Ink, inkOf, seeThrough } from "./ink.ts";
import { type Limit, limitEntry, limitLines } from "./limits.ts";
import { type LegendEntry, markColumn, type Picture, SHARED } from "./picture.ts";
import { tooltipStyle } from "./tooltip-style.ts";

type Series = LinesData["series"][number];

/** A limit that lies further above the highest value than this does not stretch the picture. */
const LIMIT_WITHIN = 2;
/** Fewer values than this show where each of them is. */
const FEW = 40;
/** Of the point that is read, pixels. */
const POINT_SIZE = 5;

export const linesPicture = ({ x, y, series: all, limits = [] }: LinesData): Picture => {
  const series = all.filter(({ values }) => values.some((value) => value !== null));
  const empty = all.filter((one) => !series.includes(one));
  const span = (x.values.at(-1) ?? 0) - (x.values[0] ?? 0);
  const rights = [
    ...new Map(series.flatMap(({ right }) => (right === undefined ? [] : [[right.label, right]]))).values(),
  ];
  const inks = series.map((one, at) => inkOfSeries(one, at, series));
  const unitOf = ({ right }: Series): Axis["unit"] => (right ?? y).unit;
  const valueText = (at: number, column: number): string | null => {
    const one = series[at];
    const value = one?.values[column] ?? null;
    return one === undefined || value === null ? null : `${one.name}: ${axisText(value, unitOf(one))}`;
  };
  const highest = Math.max(
    0,
    ...series.flatMap(({ right, values }) => (right === undefined ? values.map((v) => v ?? 0) : [])),
  );
  const isNear = ({ at }: Limit): boolean => at <= highest * LIMIT_WITHIN;
  const near = limits.filter(isNear).map(({ at }) => at);
  const reach = near.length === 0 ? {} : { suggestedMax: Math.max(...near) * 1.05 };
  const step = (x.values[1] ?? 0) - (x.values[0] ?? 0);
  const shownAt = (column: number): string => axisText(x.values[column] ?? 0, x.unit, span, step);
  const config: ChartConfiguration<"line"> = {
    type: "line",
    data: {
      datasets: series.map((one, at) => dataset(one, { ink: inks[at] as Ink, x: x.values, y, rights, series })),
    },
    options: {
      ...SHARED,
      parsing: false,
      interaction: { mode: "index", intersect: false, axis: "x" },
      scales: {
        x: scaleFor(x, "bottom", { min: x.values[0] ?? 0, max: x.values.at(-1) ?? 1 }),
        y: scaleFor(y, "left", reach),
        ...Object.fromEntries(rights.map((axis, at) => [`right${at}`, scaleFor(axis, "right")])),
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(),
          callbacks: {
            title: (items) => (items[0] === undefined ? "" : shownAt(items[0].dataIndex)),
            label: ({ datasetIndex, dataIndex }) => valueText(datasetIndex, dataIndex) ?? "",
          },
        },
      },
    },
    plugins: [limitLines(limits)],
  };
  return {
    // The library has one type for each kind of chart, and none for all of them that a dataset of one fits.
    config: config as unknown as ChartConfiguration,
    legend: [
      ...series.map((one, at) => legendEntry(one, at, { ink: inks[at] as Ink, series })),
      ...limits.map((limit, at) => limitEntry(limit, at, { y, isNear: isNear(limit) })),
      ...empty.map(({ name }) => ({ name: `${name}: no value`, ink: null, form: "line", series: null }) as const),
    ],
    columns: x.values.length,
    rows: 1,
    say: (column) =>
      `${shownAt(column)}: ${series.flatMap((_, at) => valueText(at, column) ?? []).join(", ") || "no value"}`,
    mark: (chart, at) => markColumn(chart, at?.column ?? null),
    table: () => ({
      head: [x.label, ...series.map(({ name }) => name)],
      rows: x.values.map((_, column) => [
        shownAt(column),
        ...series.map((one) => {
          const value = one.values[column] ?? null;
          return value === null ? "" : axisText(value, unitOf(one));
        }),
      ]),
    }),
  };
};

interface Around {
  readonly ink: Ink;
  readonly x: readonly number[];
  readonly y: Axis;
  readonly rights: readonly Axis[];
  readonly series: readonly Series[];
}

const dataset = ({ name, values, line = "line", fillTo, right }: Series, around: Around): ChartDataset<"line"> => {
  const { ink, x, y, rights, series } = around;
  const isLog = (right ?? y).scale === "log";
  // A logarithmic axis has no place for 0: there is a gap.
  const heights = values.map((value) => (value === null || (isLog && value <= 0) ? null : value));
  const isAlone = (at: number): boolean => (heights[at - 1] ?? null) === null && (heights[at + 1] ?? null) === null;
  const down = fillTo === undefined ? -1 : series.findIndex((other) => other.name === fillTo);
  return {
    label: name,
    data: x.map((each, at) => ({ x: each, y: heights[at] ?? null })) as ChartDataset<"line">["data"],
    yAxisID: right === undefined ? "y" : `right${rights.findIndex(({ label }) => label === right.label)}`,
    borderColor: ink.colour,
    backgroundColor: seeThrough(ink.colour, 0.15),
    borderWidth: 1.8,
    borderDash: [...ink.dash],
    // A point at the edge is drawn whole.
    clip: POINT_SIZE,
    showLine: line !== "dots",
    stepped: line === "steps" ? "before" : false,
    pointRadius: ({ dataIndex }) => (line === "dots" || x.length <= FEW || isAlone(dataIndex) ? 2.5 : 0),
    pointHoverRadius: POINT_SIZE,
    pointBackgroundColor: ink.colour,
    pointBorderWidth: 0,
    pointStyle: ink.mark,
    fill: down === -1 ? false : down,
  };
};

/** Of one thing's lines the colour is the same, and the dash is what tells them apart. */
const inkOfSeries = ({ tone, line, colourOf }: Series, at: number, series: readonly Series[]): Ink => {
  const other = colourOf === undefined ? -1 : series.findIndex(({ name }) => name === colourOf);
  const ink = inkOf(other === -1 ? at : other, tone);
  if (line === "line") return { ...ink, dash: [] };
  return line === "dashed" ? { ...ink, dash: DASHED } : ink;
};

const legendEntry = (
  one: Series,
  at: number,
  { ink, series }: { readonly ink: Ink; readonly series: readonly Series[] },
): LegendEntry => {
  const over = series.slice(0, at).find((other) => isSame(one, other));
  return {
    name: over === undefined ? one.name : `${one.name}: the same as ${over.name}, which hides it`,
    ink,
    form: one.line === "dots" ? "dots" : "line",
    series: at,
  };
};

/** Drawn one upon the other, so that the later one is not seen. */
const isSame = (one: Series, other: Series): boolean =>
  one.right?.label === other.right?.label && one.values.every((value, at) => value === other.values[at]);
