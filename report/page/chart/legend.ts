/** The names of a picture's series below its title; each shows and hides its own. */
import type { Chart } from "chart.js";
import { element } from "../element.ts";
import { hatched } from "./ink.ts";
import type { LegendEntry } from "./picture.ts";

const SWATCH = { width: 30, height: 12 } as const;

/** @param chart asked at a click: it is made anew when the colours change */
export const legendOf = (entries: readonly LegendEntry[], chart: () => Chart | null): HTMLUListElement =>
  element(
    "ul",
    { class: "legend" },
    entries.map((entry) =>
      element("li", {}, [entry.series === null ? still(entry) : switching(entry, entry.series, chart)]),
    ),
  );

const still = (entry: LegendEntry): HTMLElement => element("span", {}, [swatch(entry), element("bdi", {}, entry.name)]);

const switching = (entry: LegendEntry, series: number, chart: () => Chart | null): HTMLElement => {
  const button = element("button", { type: "button", "aria-pressed": "true" }, [
    swatch(entry),
    element("bdi", {}, entry.name),
  ]);
  button.addEventListener("click", () => {
    const shown = chart();
    if (shown === null) return;
    const isVisible = !shown.isDatasetVisible(series);
    shown.setDatasetVisibility(series, isVisible);
    shown.update();
    button.setAttribute("aria-pressed", String(isVisible));
  });
  return button;
};

const swatch = ({ ink, form }: LegendEntry): HTMLCanvasElement => {
  const { width, height } = SWATCH;
  const canvas = element("canvas", { width: String(width), height: String(height), "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  if (pen === null) return canvas;
  if (form === "area") {
    pen.fillStyle = hatched(ink);
    pen.fillRect(0, 0, width, height);
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
