/** Bars over named or timed places, their series upon each other. */

import { scaleFor } from "./axes.ts";
import { axisText } from "./axis-text.ts";
import type { BarsData } from "./chart-data.ts";
import { cssColour, hatched, inkOf } from "./ink.ts";
import { markColumn, type Picture, SHARED } from "./picture.ts";
import { tooltipStyle } from "./tooltip-style.ts";

export const barsPicture = ({ x, y, series }: BarsData): Picture => {
  const inks = series.map(({ tone }, at) => inkOf(at, tone));
  const surface = cssColour("--surface");
  const text = (at: number, column: number): string =>
    `${series[at]?.name ?? ""}: ${axisText(series[at]?.values[column] ?? 0, y.unit)}`;
  const present = (column: number): string[] =>
    series.flatMap(({ values }, at) => ((values[column] ?? 0) === 0 ? [] : [text(at, column)]));
  return {
    config: {
      type: "bar",
      data: {
        labels: [...x.labels],
        datasets: series.map(({ name, values }, at) => ({
          label: name,
          data: [...values],
          backgroundColor: inks[at] === undefined ? surface : hatched(inks[at]),
          borderColor: surface,
          borderWidth: x.labels.length > 150 ? 0 : { top: 1 },
          categoryPercentage: x.labels.length > 40 ? 1 : 0.8,
          barPercentage: 0.95,
          maxBarThickness: 60,
        })),
      },
      options: {
        ...SHARED,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { ...scaleForLabels(x), stacked: true },
          y: { ...scaleFor(y, "left"), stacked: y.scale !== "log" },
        },
        plugins: {
          tooltip: {
            ...tooltipStyle(),
            filter: ({ parsed }) => parsed.y !== 0,
            callbacks: { label: ({ datasetIndex, dataIndex }) => text(datasetIndex, dataIndex) },
          },
        },
      },
    },
    legend: series.map(({ name }, at) => ({ name, ink: inks[at] ?? inkOf(at), form: "area", series: at })),
    columns: x.labels.length,
    rows: 1,
    say: (column) => `${x.labels[column] ?? ""}: ${present(column).join(", ") || "none"}`,
    mark: (chart, at) => markColumn(chart, at?.column ?? null),
    table: () => ({
      head: [x.label, ...series.map(({ name }) => name)],
      rows: x.labels.map((label, column) => [
        label,
        ...series.map(({ values }) => axisText(values[column] ?? 0, y.unit)),
      ]),
    }),
  };
};

const scaleForLabels = ({ label }: BarsData["x"]) => {
  const quiet = cssColour("--quiet");
  return {
    type: "category" as const,
    title: { display: label !== "", text: label, color: quiet },
    grid: { display: false },
    border: { color: cssColour("--line") },
    ticks: { color: quiet, maxRotation: 40, autoSkipPadding: 10 },
  };
};
