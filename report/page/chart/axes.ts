/** Axes of all charts: their ticks, their words, their colours. */
import type { ChartOptions, Scale } from "chart.js";
import type { Axis } from "../../document.ts";
import { axisText, secondsStep } from "./axis-text.ts";
import { cssColour } from "./ink.ts";

/** Of an axis that is a straight line. */
type ScaleOptions = NonNullable<NonNullable<ChartOptions<"line">["scales"]>[string]>;

/** Room that a tick's text takes, pixels. */
const TICK_WIDTH = 70;

export interface Reach {
  readonly min?: number;
  readonly max?: number;
  /** Reaches so far at least. */
  readonly suggestedMax?: number;
}

/** @param side of the picture; a second axis for heights stands to the right, and has no lines of its own */
export const scaleFor = (axis: Axis, side: "bottom" | "left" | "right", reach: Reach = {}): ScaleOptions => {
  const isLog = axis.scale === "log";
  const quiet = cssColour("--quiet");
  const lines = cssColour("--line");
  const scale = {
    type: isLog ? "logarithmic" : "linear",
    position: side,
    axis: side === "bottom" ? "x" : "y",
    ...reach,
    ...(side !== "bottom" && !isLog && { beginAtZero: true }),
    title: { display: axis.label !== "", text: axis.label, color: quiet },
    grid: { color: lines, drawOnChartArea: side === "left", tickColor: lines },
    border: { color: lines },
    ticks: {
      color: quiet,
      maxRotation: 0,
      autoSkipPadding: 12,
      ...(axis.unit === "count" && { precision: 0 }),
      callback(this: Scale, value: string | number): string {
        return axisText(Number(value), axis.unit, this.max - this.min);
      },
    },
    afterBuildTicks: isLog ? keepRoundTicks : axis.unit === "seconds" ? setClockTicks : undefined,
  };
  return scale as unknown as ScaleOptions;
};

/** 1, 2 and 5 of each power of ten, and of many powers only the 1. */
const keepRoundTicks = (scale: Scale): void => {
  const isWide = scale.max / Math.max(scale.min, Number.MIN_VALUE) > 3000;
  scale.ticks = scale.ticks.filter(({ value }) => {
    const first = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    return (isWide ? [1] : [1, 2, 5]).some((round) => Math.abs(first - round) < 1e-6);
  });
};

const setClockTicks = (scale: Scale): void => {
  const { min, max } = scale;
  const step = secondsStep(max - min, Math.max(2, scale.chart.width / TICK_WIDTH));
  const first = Math.ceil(min / step) * step;
  const count = Math.floor((max - first) / step) + 1;
  scale.ticks = Array.from({ length: Math.max(0, count) }, (_, at) => ({ value: first + at * step }));
};
