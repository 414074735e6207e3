/** p99 against the session count as SVG: self-contained, readable in light and dark. */

import { msText } from "../../record/duration-text.ts";
import type { Region } from "../ceiling/regions.ts";
import type { Picture } from "./picture.ts";

const WIDTH = 720;
const HEIGHT = 360;
const EDGE = { left: 80, right: 20, top: 20, bottom: 50 };

const COLOURS = { flat: "#2e7d32", linear: "#1565c0", knee: "#ef6c00", cliff: "#c62828" } as const satisfies Record<
  Region,
  string
>;
const NO_REGION = "#757575";

/** Only numbers and our own words go in: nothing of a server's. */
export const svgPlot = ({ points, limitMs, unit }: Picture): string => {
  const topMs = Math.max(limitMs * 1.1, ...points.map(({ p99Ms }) => p99Ms));
  const last = points.at(-1)?.at ?? 1;
  const x = (at: number): string => (EDGE.left + (at / last) * (WIDTH - EDGE.left - EDGE.right)).toFixed(1);
  const y = (ms: number): string =>
    (HEIGHT - EDGE.bottom - (ms / topMs) * (HEIGHT - EDGE.top - EDGE.bottom)).toFixed(1);
  const text = (at: string, top: string | number, words: string, anchor: string): string =>
    `<text x="${at}" y="${top}" text-anchor="${anchor}" font-size="12" fill="currentColor">${words}</text>`;
  const line = points.map(({ at, p99Ms }) => `${x(at)},${y(p99Ms)}`).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif">`,
    `<title>p99 against ${unit}</title>`,
    `<path d="M${EDGE.left} ${EDGE.top}V${HEIGHT - EDGE.bottom}H${WIDTH - EDGE.right}" fill="none" stroke="currentColor"/>`,
    `<path d="M${EDGE.left} ${y(limitMs)}H${WIDTH - EDGE.right}" stroke="#c62828" stroke-dasharray="6 4"/>`,
    text(String(EDGE.left - 6), y(limitMs), `${msText(limitMs)} ms`, "end"),
    text(String(EDGE.left - 6), HEIGHT - EDGE.bottom, "0", "end"),
    text(String(WIDTH / 2), HEIGHT - 8, unit, "middle"),
    `<polyline points="${line}" fill="none" stroke="${NO_REGION}"/>`,
    ...points.map(
      ({ at, p99Ms, region }) =>
        `<circle cx="${x(at)}" cy="${y(p99Ms)}" r="5" fill="${region === null ? NO_REGION : COLOURS[region]}"><title>${at}: ${msText(p99Ms)} ms${region === null ? "" : `, ${region}`}</title></circle>`,
    ),
    ...points.map(({ at }) => text(x(at), HEIGHT - EDGE.bottom + 16, String(at), "middle")),
    "</svg>",
  ].join("\n");
};
