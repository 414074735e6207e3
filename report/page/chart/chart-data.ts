/** The data of the page's charts, as `report/html/chart-sheet.ts` wrote them. */
import type { Bars, HeatMap, Lines } from "../../document.ts";

type Data<T> = Omit<T, "title" | "says">;
export type LinesData = Data<Lines>;
export type BarsData = Data<Bars>;
export type HeatData = Data<HeatMap>;
export type ChartData = LinesData | BarsData | HeatData;

export const readCharts = (): readonly ChartData[] =>
  JSON.parse(document.getElementById("chart-data")?.textContent ?? "[]") as ChartData[];
