/** Paper scrolls and unfolds nothing: all is drawn, open and light before it is printed, and as it was afterwards. */
import type { ChartFigure } from "./chart/chart-figure.ts";
import type { ReportTable } from "./report-table.ts";

/** What fits between the margins of A4 and of Letter, in pixels of CSS. */
const PAPER_WIDTH = 660;

export const preparePrinting = (charts: readonly ChartFigure[], tables: readonly ReportTable[]): void => {
  const root = document.documentElement;
  let scheme: string | undefined;
  let opened: HTMLDetailsElement[] = [];
  let unfolded: readonly ReportTable[] = [];

  addEventListener("beforeprint", () => {
    scheme = root.dataset.scheme;
    root.dataset.scheme = "light";
    // Values as tables are not printed: their pictures are.
    opened = [...document.querySelectorAll<HTMLDetailsElement>("details:not(.values, [open])")];
    for (const details of opened) details.open = true;
    unfolded = tables.filter(({ isFolded }) => isFolded);
    for (const table of unfolded) table.fold(false);
    for (const chart of charts) {
      chart.draw();
      chart.redraw();
      chart.resize(PAPER_WIDTH);
    }
  });
  addEventListener("afterprint", () => {
    if (scheme === undefined) delete root.dataset.scheme;
    else root.dataset.scheme = scheme;
    for (const details of opened) details.open = false;
    for (const table of unfolded) table.fold(true);
    for (const chart of charts) {
      chart.redraw();
      chart.resize();
    }
  });
};
