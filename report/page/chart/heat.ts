/** How many of each column lie in each row: cells, the fuller the stronger, on the axes of chart.js. */
import type { Chart, Plugin } from "chart.js";
import { scaleFor } from "./axes.ts";
import { axisText } from "./axis-text.ts";
import type { HeatData } from "./chart-data.ts";
import { heatSteps } from "./heat-steps.ts";
import { cssColour, inkOf, seeThrough } from "./ink.ts";
import { type LegendEntry, type Picture, SHARED } from "./picture.ts";

/** One call among thousands is seen, too: an outlier is what this picture is for. */
const FAINTEST = 0.15;

interface Cell {
  readonly column: number;
  readonly row: number;
}

export const heatPicture = ({ x, y, counts }: HeatData): Picture => {
  const columnEdges = edgesOf(x.values, false);
  const rowEdges = edgesOf(y.values, y.scale === "log");
  const span = (columnEdges.at(-1) ?? 0) - (columnEdges[0] ?? 0);
  const most = counts.reduce((max, column) => column.reduce((high, count) => Math.max(high, count), max), 0);
  const colour = cssColour("--series-1");
  const colourFor = (count: number): string =>
    seeThrough(colour, FAINTEST + ((1 - FAINTEST) * Math.log1p(count)) / Math.log1p(most));
  let marked: Cell | null = null;

  const cells: Plugin = {
    id: "cells",
    beforeDatasetsDraw({ ctx: pen, scales: { x: across, y: up } }) {
      if (across === undefined || up === undefined) return;
      const lefts = columnEdges.map((edge) => across.getPixelForValue(edge));
      const tops = rowEdges.map((edge) => up.getPixelForValue(edge));
      const box = ({ column, row }: Cell): [number, number, number, number] => {
        const [left, right, bottom, top] = [lefts[column], lefts[column + 1], tops[row], tops[row + 1]] as number[];
        // Half a pixel more: no line of the surface between two cells.
        return [left ?? 0, top ?? 0, (right ?? 0) - (left ?? 0) + 0.5, (bottom ?? 0) - (top ?? 0) + 0.5];
      };
      for (const [column, rows] of counts.entries()) {
        for (const [row, count] of rows.entries()) {
          if (count === 0) continue;
          pen.fillStyle = colourFor(count);
          pen.fillRect(...box({ column, row }));
        }
      }
      if (marked === null) return;
      pen.strokeStyle = cssColour("--text");
      pen.lineWidth = 2;
      pen.strokeRect(...box(marked));
    },
  };

  const rowText = (row: number): string =>
    `${axisText(rowEdges[row] ?? 0, y.unit)} to ${axisText(rowEdges[row + 1] ?? 0, y.unit)}`;
  const step = (x.values[1] ?? 0) - (x.values[0] ?? 0);
  const columnText = (column: number): string => axisText(x.values[column] ?? 0, x.unit, span, step);
  return {
    config: {
      type: "line",
      data: { datasets: [] },
      options: {
        ...SHARED,
        scales: {
          x: scaleFor(x, "bottom", { min: columnEdges[0] ?? 0, max: columnEdges.at(-1) ?? 1 }),
          y: scaleFor(y, "left", { min: rowEdges[0] ?? 0, max: rowEdges.at(-1) ?? 1 }),
        },
      },
      plugins: [cells],
    },
    legend: [
      { name: "in a field:", ink: null, form: "area", series: null },
      ...heatSteps(most).map(
        (count): LegendEntry => ({
          name: axisText(count, "count"),
          ink: { ...inkOf(0), colour: colourFor(count) },
          form: "area",
          series: null,
        }),
      ),
    ],
    columns: x.values.length,
    rows: y.values.length,
    say: (column, row) => `${columnText(column)}, ${rowText(row)}: ${axisText(counts[column]?.[row] ?? 0, "count")}`,
    mark: (chart, at) => {
      marked = at;
      chart.draw();
    },
    under: (chart, pixelX, pixelY) => cellAt(chart, { pixelX, pixelY }, { columnEdges, rowEdges }),
    table: () => ({
      head: [x.label, ...y.values.map((_, row) => rowText(row))],
      rows: x.values.map((_, column) => [
        columnText(column),
        ...y.values.map((_each, row) => axisText(counts[column]?.[row] ?? 0, "count")),
      ]),
    }),
  };
};

/** Where each begins, and where the last one ends: it is as wide as the one before it. */
const edgesOf = (starts: readonly number[], isLog: boolean): number[] => {
  const [before, last] = [starts.at(-2), starts.at(-1)];
  if (last === undefined) return [];
  if (before === undefined) return [last, isLog ? last * 2 : last + 1];
  return [...starts, isLog && before > 0 ? (last * last) / before : 2 * last - before];
};

const cellAt = (
  { scales: { x, y } }: Chart,
  { pixelX, pixelY }: { readonly pixelX: number; readonly pixelY: number },
  { columnEdges, rowEdges }: { readonly columnEdges: readonly number[]; readonly rowEdges: readonly number[] },
): Cell | null => {
  const column = within(columnEdges, x?.getValueForPixel(pixelX) ?? Number.NaN);
  const row = within(rowEdges, y?.getValueForPixel(pixelY) ?? Number.NaN);
  return column === -1 || row === -1 ? null : { column, row };
};

const within = (edges: readonly number[], value: number): number =>
  edges.findIndex((edge, at) => value >= edge && value < (edges[at + 1] ?? Number.NEGATIVE_INFINITY));
