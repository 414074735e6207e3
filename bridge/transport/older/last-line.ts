import { StringDecoder } from "node:string_decoder";

/** As much of a line as is of use in a detail. */
const MOST_CHARACTERS = 2_000;

/**
 * The last line that a process said. Of a long one it is the beginning: one that began in the middle might begin in the
 * middle of a secret, whose end nobody would know for one.
 */
export class LastLine {
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #last = "";

  feed(chunk: Buffer): void {
    const [first = "", ...others] = this.#decoder.write(chunk).split("\n");
    this.#add(first);
    for (const line of others) {
      this.#end();
      this.#add(line);
    }
  }

  /** Without blanks around it; empty when nothing was said. */
  text(): string {
    return this.#line.trim() || this.#last;
  }

  #add(text: string): void {
    this.#line += text.slice(0, MOST_CHARACTERS - this.#line.length);
  }

  #end(): void {
    this.#last = this.#line.trim() || this.#last;
    this.#line = "";
  }
}
