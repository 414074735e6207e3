/** Limits across a picture, such as an slo: each has a dash of its own, and its name at the line. */
import type { Plugin } from "chart.js";
import type { Axis } from "../../document.ts";
import { axisText } from "./axis-text.ts";
import type { LinesData } from "./chart-data.ts";
import { cssColour, inkOf } from "./ink.ts";
import type { LegendEntry } from "./picture.ts";

export type Limit = NonNullable<LinesData["limits"]>[number];

const DASHES = [
  [4, 3],
  [11, 4],
  [2, 2],
  [9, 3, 2, 3],
] as const;

const dashOf = (at: number): readonly number[] => DASHES[at % DASHES.length] ?? [];

interface Around {
  readonly y: Axis;
  /** false: it lies so far above the values that it is not drawn. */
  readonly isNear: boolean;
}

/** @param at which of the picture's limits it is */
export const limitEntry = (limit: Limit, at: number, { y, isNear }: Around): LegendEntry => ({
  name: `${limit.name}: ${axisText(limit.at, y.unit)}${isNear ? "" : ", above the picture"}`,
  ink: isNear ? { ...inkOf(0, limit.tone ?? "bad"), dash: dashOf(at) } : null,
  form: "line",
  series: null,
});

export const limitLines = (limits: readonly Limit[]): Plugin => ({
  id: "limits",
  afterDatasetsDraw({ ctx: pen, chartArea: { left, right, top, bottom }, scales }) {
    for (const [index, { name, at, tone = "bad" }] of limits.entries()) {
      const height = scales.y?.getPixelForValue(at) ?? Number.NaN;
      if (!(height >= top && height <= bottom)) continue;
      pen.save();
      pen.strokeStyle = inkOf(0, tone).colour;
      pen.lineWidth = 1.5;
      pen.setLineDash([...dashOf(index)]);
      pen.beginPath();
      pen.moveTo(left, height);
      pen.lineTo(right, height);
      pen.stroke();
      // Every second name stands at the other end: limits lie near each other.
      writeName(pen, name, { x: index % 2 === 0 ? right - 4 : left + 4, y: height - 3, isEnd: index % 2 === 0 });
      pen.restore();
    }
  },
});

interface Place {
  readonly x: number;
  readonly y: number;
  /** The name ends there. */
  readonly isEnd: boolean;
}

/** With a rim of the surface, so that it is read on every line below it. */
const writeName = (pen: CanvasRenderingContext2D, name: string, { x, y, isEnd }: Place): void => {
  pen.font = "11px system-ui, sans-serif";
  pen.textAlign = isEnd ? "right" : "left";
  pen.textBaseline = "bottom";
  pen.fillStyle = pen.strokeStyle;
  pen.strokeStyle = cssColour("--surface");
  pen.lineWidth = 3;
  pen.setLineDash([]);
  pen.strokeText(name, x, y);
  pen.fillText(name, x, y);
};
