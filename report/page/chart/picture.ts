/** What a kind of chart gives for its data: how it is drawn, and how it is read without being seen. */
import type { Chart, ChartConfiguration } from "chart.js";
import type { Ink } from "./ink.ts";

export interface Picture {
  readonly config: ChartConfiguration;
  readonly legend: readonly LegendEntry[];
  /** Positions that arrow keys go through: along the picture, and for some also up and down. */
  readonly columns: number;
  readonly rows: number;
  /** What stands at a position, as one sentence. */
  readonly say: (column: number, row: number) => string;
  /** Marks that position in the picture; null takes the mark away. */
  readonly mark: (chart: Chart, at: { readonly column: number; readonly row: number } | null) => void;
  /** What lies under the pointer, pixels of the picture; without it the engine's own tooltip tells that. */
  readonly under?: (chart: Chart, x: number, y: number) => { readonly column: number; readonly row: number } | null;
  readonly table: () => { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

export interface LegendEntry {
  readonly name: string;
  /** null: words alone. */
  readonly ink: Ink | null;
  readonly form: "line" | "dots" | "area";
  /** Which of the chart's series it shows and hides; null for what always stays. */
  readonly series: number | null;
}

/** Options that all charts share. Nothing moves by itself, and a picture is as high as its place. */
export const SHARED = { responsive: true, maintainAspectRatio: false, animation: false, normalized: true } as const;

/** Marks all series at one position along the picture, and opens the tooltip there. */
export const markColumn = (chart: Chart, column: number | null): void => {
  const active =
    column === null
      ? []
      : chart.data.datasets.flatMap((_, datasetIndex) =>
          chart.isDatasetVisible(datasetIndex) && chart.getDatasetMeta(datasetIndex).data[column] !== undefined
            ? [{ datasetIndex, index: column }]
            : [],
        );
  chart.setActiveElements(active);
  chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
  chart.update("none");
};
