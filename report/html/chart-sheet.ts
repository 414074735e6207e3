/** The charts of one page: a place for each in the text, and the data of all in one block that the page's script reads. */
import type { Chart } from "../document.ts";
import { shownText } from "../shown-text.ts";
import { htmlText } from "./html-text.ts";

/** Names of series and labels of bars: a legend and a tooltip have no room for more. */
const MOST_IN_LABEL = 80;

export class ChartSheet {
  readonly #charts: Chart[] = [];

  /** @returns the figure in whose place the script draws */
  place(chart: Chart): string {
    const at = this.#charts.push(chart) - 1;
    return `<figure class="chart" data-chart="${at}" id="chart-${at}">
<figcaption><h3 id="chart-${at}-title">${htmlText(chart.title)}</h3><p class="says" id="chart-${at}-says">${htmlText(chart.says)}</p></figcaption>
</figure>`;
  }

  /** As the content of a script element that is no script. */
  json(): string {
    return embedded(
      JSON.stringify(
        this.#charts.map(({ title: _, says: __, ...data }) => data),
        compact,
      ),
    );
  }
}

/** Five digits are more than a picture shows, and half of what a double takes; a count is shown whole, as a table. */
const compact = (_key: string, value: unknown): unknown => {
  if (typeof value === "number") return Number.isFinite(value) ? shortened(value) : null;
  return typeof value === "string" ? shownText(value, MOST_IN_LABEL) : value;
};

const shortened = (value: number): number =>
  Math.abs(value) >= 10_000 ? Math.round(value) : Number(value.toPrecision(5));

/** Neither `</script` nor `<!--` can be in it, whatever a name is. U+2028 and U+2029 end lines in old scripts. */
const embedded = (json: string): string =>
  json.replaceAll(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
