/** The names of a picture's series below its title; each shows and hides its own. */
import { drawPoint } from "chart.js/helpers";
import { element } from "../element.ts";
import { hatched, type Ink } from "./ink.ts";
import type { LegendEntry } from "./picture.ts";

const SWATCH = { width: 30, height: 12 } as const;

interface Switch {
  readonly isHidden: (series: number) => boolean;
  readonly hide: (series: number, isHidden: boolean) => void;
}

export const legendOf = (entries: readonly LegendEntry[], how: Switch): HTMLUListElement =>
  element(
    "ul",
    { class: "legend" },
    entries.map((entry) =>
      element("li", {}, [
        entry.series === null ? element("span", {}, shown(entry)) : switching(entry, entry.series, how),
      ]),
    ),
  );

const shown = ({ name, ink, form }: LegendEntry): Node[] => [
  ...(ink === null ? [] : [swatch(ink, form)]),
  element("bdi", {}, name),
];

const switching = (entry: LegendEntry, series: number, { isHidden, hide }: Switch): HTMLElement => {
  const tell = (): void => button.setAttribute("aria-pressed", String(!isHidden(series)));
  const button = element("button", { type: "button" }, shown(entry));
  tell();
  button.addEventListener("click", () => {
    hide(series, !isHidden(series));
    tell();
  });
  return button;
};

const swatch = (ink: Ink, form: LegendEntry["form"]): HTMLCanvasElement => {
  const { width, height } = SWATCH;
  const canvas = element("canvas", { width: String(width), height: String(height), "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  if (pen === null) return canvas;
  if (form === "area") {
    pen.fillStyle = hatched(ink);
    pen.fillRect(0, 0, width, height);
    return canvas;
  }
  if (form === "dots") {
    pen.fillStyle = ink.colour;
    const options = { pointStyle: ink.mark, radius: 4, borderWidth: 0 };
    for (const share of [0.2, 0.5, 0.8]) drawPoint(pen, options, width * share, height / 2);
    return canvas;
  }
  pen.strokeStyle = ink.colour;
  pen.lineWidth = 2.5;
  pen.setLineDash([...ink.dash]);
  pen.beginPath();
  pen.moveTo(0, height / 2);
  pen.lineTo(width, height / 2);
  pen.stroke();
  return canvas;
};
