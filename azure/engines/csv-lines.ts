/**
 * Text of a CSV, piece by piece, as the cells of one row after the other. Never holds more than one row, of bounded length.
 *
 * A message may hold lines that look like rows, and a quote may never be closed: which of both it is shows later. The
 * lines of an open row are kept, and read once more when its quote turns out to be unclosed: then it costs its own row.
 */

/** A failure's message is a sentence; what is longer than this was never closed by its quote. */
const LONGEST_ROW = 1_000_000;

export interface CsvReader {
  /** `lines`: how many lines of the text the row took. `cells` is null for one that never ended. */
  readonly onCells: (cells: readonly string[] | null, lines: number) => void;
  /** Tells a line that can be a new row, also where a quote is open. */
  readonly isStart: (line: string) => boolean;
  /** Whether so many cells are a row. */
  readonly isWidth: (cells: number) => boolean;
}

export class CsvLines {
  readonly #reader: CsvReader;
  #rest = "";
  #isTooLong = false;
  #open: OpenRow | null = null;

  constructor(reader: CsvReader) {
    this.#reader = reader;
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
    this.#readAgain();
    this.#giveUp();
  }

  #ended(whole: string): void {
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    if (this.#isTooLong || line.length > LONGEST_ROW) {
      this.#isTooLong = false;
      this.#readAgain();
      this.#giveUp();
      this.#reader.onCells(null, 1);
      return;
    }
    this.#take(line);
  }

  #take(line: string): void {
    if (this.#open === null) {
      if (line === "") return;
      // Nearly all: no quote in it.
      if (!line.includes('"')) {
        this.#reader.onCells(line.split(","), 1);
        return;
      }
    }
    const row = this.#open ?? new OpenRow();
    row.take(line, this.#open !== null && this.#reader.isStart(line));
    this.#open = row;
    const isClosed = !row.isInQuotes;
    if (row.hasLoneQuote || (isClosed && row.firstStart > 0 && !this.#reader.isWidth(row.cells.length))) {
      this.#readAgain(line);
    } else if (isClosed) {
      this.#open = null;
      this.#reader.onCells(row.cells, row.lines.length);
    } else if (row.length > LONGEST_ROW) {
      this.#readAgain();
      if (this.#open === row) this.#giveUp();
    }
  }

  /**
   * The open row's quote was not closed: the next line that can be a row is one. A row that opens its own quote behind the
   * unclosed one gives that away at once, so only the last line can begin a row with more rows in it; of the lines before
   * it each that can be a row is one. Without that, each of them could be read as often as there are lines.
   * @param last the line that gave it away, when there is one: it is the last of the row's
   */
  #readAgain(last?: string): void {
    const row = this.#open;
    if (row === null || row.firstStart === 0) return;
    this.#open = null;
    this.#reader.onCells(null, row.firstStart);
    const end = last === undefined ? row.lines.length : row.lines.length - 1;
    for (const line of row.lines.slice(row.firstStart, end)) {
      if (this.#open !== null && this.#reader.isStart(line)) this.#giveUp();
      this.#take(line);
    }
    if (last !== undefined) this.#take(last);
  }

  #giveUp(): void {
    if (this.#open !== null) this.#reader.onCells(null, this.#open.lines.length);
    this.#open = null;
  }
}

/** A row with quotes, line by line. A quote opens at the begin of a cell and closes at its end; elsewhere it is a letter. */
class OpenRow {
  readonly cells: string[] = [];
  readonly lines: string[] = [];
  isInQuotes = false;
  length = 0;
  /** Which of the lines is the first that can be a row of its own; 0: none. */
  firstStart = 0;
  /** From there on a quote is neither doubled nor the end of its cell: what writes CSVs does not do that to a message. */
  hasLoneQuote = false;
  #cell = "";

  take(line: string, isStart: boolean): void {
    if (isStart && this.firstStart === 0) this.firstStart = this.lines.length;
    this.lines.push(line);
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
          if (next !== '"' && this.firstStart > 0) this.hasLoneQuote = true;
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
