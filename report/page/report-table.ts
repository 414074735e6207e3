/** A table of the report: sorted by its headers, its later rows folded away until they are asked for. */
import { element } from "./element.ts";

type Direction = "ascending" | "descending";

export class ReportTable {
  readonly #table: HTMLTableElement;
  readonly #shownRows: number;
  readonly #unfold: HTMLButtonElement | null = null;

  constructor(table: HTMLTableElement) {
    this.#table = table;
    this.#shownRows = Number(table.dataset.shownRows ?? Number.POSITIVE_INFINITY);
    const rows = this.#rows();
    for (const [column, head] of [...table.querySelectorAll("thead th")].entries()) {
      if (rows.length > 1 && !head.classList.contains("picture")) this.#makeSortable(head, column);
    }
    if (rows.length <= this.#shownRows) return;
    this.#unfold = element("button", { type: "button", class: "unfold", "aria-expanded": "false" });
    this.#unfold.addEventListener("click", () => this.fold(!this.isFolded));
    table.parentElement?.after(this.#unfold);
    this.fold(true);
  }

  get isFolded(): boolean {
    return this.#unfold?.getAttribute("aria-expanded") === "false";
  }

  /** Does nothing to a table that is never folded. */
  fold(isFolded: boolean): void {
    if (this.#unfold === null) return;
    const rows = this.#rows();
    for (const [at, row] of rows.entries()) row.hidden = isFolded && at >= this.#shownRows;
    this.#table.parentElement?.classList.toggle("unfolded", !isFolded);
    this.#unfold.setAttribute("aria-expanded", String(!isFolded));
    this.#unfold.textContent = isFolded
      ? `Show all ${rows.length} rows (${rows.length - this.#shownRows} more)`
      : `Show the first ${this.#shownRows} rows only`;
  }

  #makeSortable(head: Element, column: number): void {
    const button = element("button", { type: "button" }, head.textContent ?? "");
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      // The largest first: of figures that is what one looks for.
      const first: Direction = isNumber ? "descending" : "ascending";
      const other: Direction = isNumber ? "ascending" : "descending";
      const direction = before === first ? other : first;
      for (const each of this.#table.querySelectorAll("thead th")) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      this.#sort(column, direction);
    });
  }

  #sort(column: number, direction: Direction): void {
    const sign = direction === "ascending" ? 1 : -1;
    const keyed = this.#rows().map((row) => ({ row, key: keyOf(row.cells[column]) }));
    keyed.sort((a, b) => compare(a.key, b.key, sign));
    this.#table.tBodies[0]?.append(...keyed.map(({ row }) => row));
    this.fold(this.isFolded);
  }

  #rows(): HTMLTableRowElement[] {
    return [...(this.#table.tBodies[0]?.rows ?? [])];
  }
}

type Key = number | string | null;

const keyOf = (cell: HTMLTableCellElement | undefined): Key => {
  if (cell?.dataset.sort !== undefined) return Number(cell.dataset.sort);
  const text = cell?.textContent?.trim() ?? "";
  return ["", "-", "–", "."].includes(text) ? null : text;
};

/** What has no value comes last, whichever way it is sorted. */
const compare = (a: Key, b: Key, sign: number): number => {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), "en", { numeric: true });
};
