/** How a series is told from the others: by colour, and for who sees none, by dashes or hatching as well. */
import type { Tone } from "../../document.ts";

const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [4, 4],
  [12, 4],
  [1, 2],
  [8, 2, 2, 2],
];
const HATCHES = ["solid", "rising", "dots", "falling", "level", "cross"] as const;
type Hatch = (typeof HATCHES)[number];
const MARKS = ["circle", "rect", "triangle", "rectRot"] as const;

export interface Ink {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly hatch: Hatch;
  /** Of its points, as chart.js names it. */
  readonly mark: (typeof MARKS)[number];
}

/** @param at which of its chart's series it is, or which it is coloured like */
export const inkOf = (at: number, tone?: Tone): Ink => ({
  colour: cssColour(tone === undefined ? `--series-${(at % COLOURS) + 1}` : `--${tone}`),
  dash: DASHES[at % DASHES.length] ?? [],
  hatch: HATCHES[at % HATCHES.length] ?? "solid",
  mark: MARKS[at % MARKS.length] ?? "circle",
});

/** Of a line that is to be dashed, whichever series it is. */
export const DASHED: readonly number[] = [6, 4];

/** A variable of the page's style, as a colour that a canvas takes: in the variable itself stands one for each scheme. */
export const cssColour = (variable: string): string => {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** `rgb(1, 2, 3)` as see-through as `alpha` says, 0 to 1. */
export const seeThrough = (colour: string, alpha: number): string =>
  colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha.toFixed(3)})`);

const TILE = 8;

/** Strokes of each hatch on a tile, from and to in its pixels. */
const STROKES: Readonly<Record<Hatch, readonly (readonly [number, number, number, number])[]>> = {
  solid: [],
  rising: [
    [-2, 10, 10, -2],
    [-2, 2, 2, -2],
    [6, 10, 10, 6],
  ],
  falling: [
    [-2, -2, 10, 10],
    [6, -2, 10, 2],
    [-2, 6, 2, 10],
  ],
  level: [[0, 4, 8, 4]],
  dots: [[3, 4, 5, 4]],
  cross: [
    [0, 4, 8, 4],
    [4, 0, 4, 8],
  ],
};

/** A fill of that ink; strokes are of the page's surface, so that it shows on every colour. */
export const hatched = ({ colour, hatch }: Ink): string | CanvasPattern => {
  const tile = document.createElement("canvas");
  tile.width = TILE;
  tile.height = TILE;
  const pen = tile.getContext("2d");
  if (pen === null || hatch === "solid") return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, TILE, TILE);
  pen.strokeStyle = cssColour("--surface");
  pen.lineWidth = 2;
  for (const [fromX, fromY, toX, toY] of STROKES[hatch]) {
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
  }
  return pen.createPattern(tile, "repeat") ?? colour;
};
