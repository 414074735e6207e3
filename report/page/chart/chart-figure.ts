/** One chart of the page: drawn when it comes into sight, read with the arrow keys, drawn anew in other colours. */
import type { Chart as EngineChart } from "chart.js";
import { element } from "../element.ts";
import { barsPicture } from "./bars.ts";
import type { ChartData } from "./chart-data.ts";
import { tableDetails } from "./chart-table.ts";
import { Chart } from "./engine.ts";
import { heatPicture } from "./heat.ts";
import { legendOf } from "./legend.ts";
import { linesPicture } from "./lines.ts";
import type { Picture } from "./picture.ts";

/** How far a key moves the reading. */
const MOVES: Readonly<Record<string, { readonly column: number; readonly row: number }>> = {
  ArrowLeft: { column: -1, row: 0 },
  ArrowRight: { column: 1, row: 0 },
  PageUp: { column: -10, row: 0 },
  PageDown: { column: 10, row: 0 },
  Home: { column: Number.NEGATIVE_INFINITY, row: 0 },
  End: { column: Number.POSITIVE_INFINITY, row: 0 },
  ArrowUp: { column: 0, row: 1 },
  ArrowDown: { column: 0, row: -1 },
};

interface Place {
  readonly column: number;
  readonly row: number;
}

export class ChartFigure {
  readonly #figure: HTMLElement;
  readonly #data: ChartData;
  readonly #plot: HTMLElement;
  readonly #reading = element("p", { class: "reading", role: "status" });
  #legend: HTMLUListElement | null = null;
  #picture: Picture | null = null;
  #chart: EngineChart | null = null;
  #at: Place | null = null;
  /** Series that the reader hid: they stay hidden in other colours. */
  readonly #hidden = new Set<number>();

  constructor(figure: HTMLElement, data: ChartData) {
    this.#figure = figure;
    this.#data = data;
    const title = figure.querySelector("h3")?.textContent ?? "";
    this.#plot = element("div", {
      class: "plot",
      // Screen readers keep the arrow keys to themselves but in this role.
      role: "application",
      tabindex: "0",
      "aria-roledescription": "chart",
      "aria-label": `${title}: arrow keys read its values`,
      "aria-describedby": `${figure.id}-says`,
    });
    figure.append(
      this.#plot,
      this.#reading,
      tableDetails(title, () => this.#picture ?? pictureOf(data)),
    );
    this.#plot.addEventListener("keydown", (event) => this.#read(event));
    this.#plot.addEventListener("blur", () => this.#moveTo(null));
    for (const type of ["pointerdown", "pointermove"] as const)
      this.#plot.addEventListener(type, (event) => this.#point(event));
    this.#plot.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger leaves as soon as it is lifted: what it touched is to be read.
      if (pointerType !== "touch") this.#point(null);
    });
  }

  get figure(): HTMLElement {
    return this.#figure;
  }

  draw(): void {
    if (this.#chart !== null) return;
    const picture = pictureOf(this.#data);
    const canvas = element("canvas", { "aria-hidden": "true" });
    this.#plot.replaceChildren(canvas);
    this.#picture = picture;
    const chart = new Chart(canvas, picture.config);
    this.#chart = chart;
    for (const series of this.#hidden) chart.setDatasetVisibility(series, false);
    if (this.#hidden.size > 0) chart.update();
    if (this.#at !== null) picture.mark(chart, this.#at);
    const isTold = picture.legend.length > 1 || picture.legend.some(({ series }) => series === null);
    if (!isTold) return;
    const legend = legendOf(picture.legend, {
      isHidden: (series) => this.#hidden.has(series),
      hide: (series, isHidden) => this.#hide(series, isHidden),
    });
    if (this.#legend === null) this.#plot.before(legend);
    else this.#legend.replaceWith(legend);
    this.#legend = legend;
  }

  /** In the colours of now; what was never in sight waits until it is. */
  redraw(): void {
    if (this.#chart === null) return;
    this.#chart.destroy();
    this.#chart = null;
    this.draw();
  }

  /** @param width in pixels; undefined: that of its place */
  resize(width?: number): void {
    if (width === undefined) this.#chart?.resize();
    else this.#chart?.resize(width, this.#plot.clientHeight || 260);
  }

  #hide(series: number, isHidden: boolean): void {
    if (isHidden) this.#hidden.add(series);
    else this.#hidden.delete(series);
    this.#chart?.setDatasetVisibility(series, !isHidden);
    this.#chart?.update();
  }

  /** Nothing to a picture that has a tooltip. */
  #point(event: PointerEvent | null): void {
    const [chart, under] = [this.#chart, this.#picture?.under];
    if (chart === null || under === undefined) return;
    if (event === null) {
      this.#moveTo(null);
      return;
    }
    const { left, top } = chart.canvas.getBoundingClientRect();
    const at = under(chart, event.clientX - left, event.clientY - top);
    if (at?.column !== this.#at?.column || at?.row !== this.#at?.row) this.#moveTo(at);
  }

  #read(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      this.#moveTo(null);
      return;
    }
    const move = MOVES[event.key];
    const { columns, rows } = this.#picture ?? { columns: 0, rows: 0 };
    // Up and down move the page where they have nothing to read.
    if (move === undefined || columns === 0 || (move.row !== 0 && rows === 1)) return;
    event.preventDefault();
    const from = this.#at ?? { column: move.column > 0 && Number.isFinite(move.column) ? -1 : 0, row: 0 };
    this.#moveTo({
      column: Math.min(columns - 1, Math.max(0, from.column + move.column)),
      row: Math.min(rows - 1, Math.max(0, from.row + move.row)),
    });
  }

  #moveTo(at: Place | null): void {
    if (at === null && this.#at === null) return;
    this.#at = at;
    if (this.#picture === null || this.#chart === null) return;
    this.#picture.mark(this.#chart, at);
    this.#reading.textContent = at === null ? "" : this.#picture.say(at.column, at.row);
  }
}

const pictureOf = (data: ChartData): Picture => {
  switch (data.type) {
    case "lines":
      return linesPicture(data);
    case "bars":
      return barsPicture(data);
    case "heat":
      return heatPicture(data);
  }
};
