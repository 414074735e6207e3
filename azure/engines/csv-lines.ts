/**
 * Text of a CSV, piece by piece, as the cells of one row after the other. A quote that is never closed costs its own row:
 * the next line that begins like a row is one. Never holds more than one row, of bounded length.
 */

/** A failure's message is a sentence; what is longer than this was never closed by its quote. */
const LONGEST_ROW = 1_000_000;

/** `lines`: how many lines of the text the row took. `cells` is null for one that never ended. */
export type OnCells = (cells: readonly string[] | null, lines: number) => void;

export class CsvLines {
  readonly #onCells: OnCells;
  /** Tells a line that can only be a new row, also where a quote is open. */
  readonly #isStart: (line: string) => boolean;
  #rest = "";
  #isTooLong = false;
  #open: OpenRow | null = null;

  constructor(onCells: OnCells, isStart: (line: string) => boolean) {
    this.#onCells = onCells;
    this.#isStart = isStart;
  }

  push(text: string): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      const line = this.#rest + text.slice(from, end);
      this.#rest = "";
      from = end + 1;
      this.#ended(line);
    }
    this.#rest += text.slice(from);
    if (this.#rest.length <= LONGEST_ROW) return;
    this.#isTooLong = true;
    this.#rest = "";
  }

  end(): void {
    if (this.#rest !== "" || this.#isTooLong) this.#ended(this.#rest);
    this.#rest = "";
    this.#giveUp();
  }

  #ended(whole: string): void {
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    if (this.#isTooLong || line.length > LONGEST_ROW) {
      this.#isTooLong = false;
      this.#giveUp();
      this.#onCells(null, 1);
      return;
    }
    if (this.#open !== null && this.#isStart(line)) this.#giveUp();
    if (this.#open === null) {
      if (line === "") return;
      // Nearly all: no quote in it.
      if (!line.includes('"')) {
        this.#onCells(line.split(","), 1);
        return;
      }
    }
    const row = this.#open ?? new OpenRow();
    row.take(line);
    this.#open = row.isInQuotes ? row : null;
    if (!row.isInQuotes) this.#onCells(row.cells, row.lines);
    else if (row.length > LONGEST_ROW) this.#giveUp();
  }

  #giveUp(): void {
    if (this.#open !== null) this.#onCells(null, this.#open.lines);
    this.#open = null;
  }
}

/** A row with quotes, line by line. A quote opens at the begin of a cell and closes at its end; elsewhere it is a letter. */
class OpenRow {
  readonly cells: string[] = [];
  isInQuotes = false;
  lines = 0;
  length = 0;
  #cell = "";

  take(line: string): void {
    this.lines += 1;
    this.length += line.length + 1;
    let at = 0;
    if (this.isInQuotes) this.#cell += "\n";
    for (;;) {
      if (!this.isInQuotes && line[at] === '"') {
        this.isInQuotes = true;
        at += 1;
      }
      if (this.isInQuotes) {
        const quote = line.indexOf('"', at);
        if (quote === -1) {
          this.#cell += line.slice(at);
          return;
        }
        const next = line[quote + 1];
        if (next !== undefined && next !== ",") {
          // Twice it is one; alone in the middle of a cell somebody forgot to double it.
          this.#cell += line.slice(at, quote + 1);
          at = quote + (next === '"' ? 2 : 1);
          continue;
        }
        this.#cell += line.slice(at, quote);
        this.isInQuotes = false;
        at = quote + 1;
      } else {
        const comma = line.indexOf(",", at);
        const end = comma === -1 ? line.length : comma;
        this.#cell += line.slice(at, end);
        at = end;
      }
      this.cells.push(this.#cell);
      this.#cell = "";
      if (at >= line.length) return;
      at += 1;
    }
  }
}
