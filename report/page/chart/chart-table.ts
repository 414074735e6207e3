/** The values of a picture as a table, made when somebody opens it. */
import { element } from "../element.ts";
import type { Picture } from "./picture.ts";

/** More rows are read by nobody; then every second one is shown, or every third. */
const MOST_ROWS = 120;

/** @param picture asked when it is opened */
export const tableDetails = (title: string, picture: () => Picture): HTMLDetailsElement => {
  const details = element("details", { class: "values" }, [element("summary", {}, "Show as table")]);
  details.addEventListener("toggle", () => {
    if (details.open && details.querySelector("table") === null) details.append(tableOf(title, picture()));
  });
  return details;
};

const tableOf = (title: string, picture: Picture): HTMLElement => {
  const { head, rows } = picture.table();
  const each = Math.ceil(rows.length / MOST_ROWS);
  const shown = rows.filter((_, at) => at % each === 0);
  const caption = each === 1 ? title : `${title}; one of ${each} rows is shown`;
  const table = element("table", {}, [
    element("caption", {}, [element("span", {}, caption)]),
    element("thead", {}, [
      element(
        "tr",
        {},
        head.map((text) => element("th", { scope: "col", class: "number" }, text)),
      ),
    ]),
    element(
      "tbody",
      {},
      shown.map((row) =>
        element(
          "tr",
          {},
          row.map((text, at) =>
            at === 0 ? element("th", { scope: "row" }, text) : element("td", { class: "number" }, text),
          ),
        ),
      ),
    ),
  ]);
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `${title}, as table` }, [
    table,
  ]);
};
