/** What makes the page of a report more than text: charts, sorting, folding, colours, printing. */
import { readCharts } from "./chart/chart-data.ts";
import { ChartFigure } from "./chart/chart-figure.ts";
import { addSchemeSwitch } from "./colour-scheme.ts";
import { followReading } from "./contents.ts";
import { preparePrinting } from "./printing.ts";
import { ReportTable } from "./report-table.ts";

const all = <T extends Element>(selector: string): T[] => [...document.querySelectorAll<T>(selector)];

const data = readCharts();
const charts = all<HTMLElement>("figure[data-chart]").flatMap((figure) => {
  const one = data[Number(figure.dataset.chart)];
  return one === undefined ? [] : new ChartFigure(figure, one);
});
const tables = all<HTMLTableElement>("main table").map((table) => new ReportTable(table));

/** A hundred pictures take seconds to draw; those within a window's height of what is seen are drawn. */
const nearSight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      nearSight.unobserve(target);
      charts.find(({ figure }) => figure === target)?.draw();
    }
  },
  { rootMargin: "100% 0px" },
);
for (const { figure } of charts) nearSight.observe(figure);

const header = document.querySelector("header.top");
if (header !== null) {
  addSchemeSwitch(header, () => {
    for (const chart of charts) chart.redraw();
  });
}
followReading(all<HTMLAnchorElement>("nav.contents a"), all("main > section"));
preparePrinting(charts, tables);
