import type { Writable } from "node:stream";
import type { Redactor } from "../redactor.ts";
import { PROTOCOL_WORDS } from "./protocol-words.ts";

/**
 * Writes lines in batches: all that was queued in one turn of the event loop leaves in one system call. At 50 users
 * that is the difference between 1.5 and 25 µs of CPU a call. Every line goes past the redactor.
 */
export class LineWriter {
  readonly #stream: Writable;
  readonly #redactor: Redactor;
  #batch = "";
  #isScheduled = false;

  constructor(stream: Writable, redactor: Redactor) {
    this.#stream = stream;
    this.#redactor = redactor;
  }

  /** Queues one line of the protocol, as JSON; it must not hold a line end. */
  line(json: string): void {
    this.#batch += this.#redactor.cleanJson(json, PROTOCOL_WORDS);
    this.#batch += "\n";
    this.#schedule();
  }

  /** Queues two lines that must stay together: the end of an operation and its result. */
  lines(head: string, body: string): void {
    this.#batch += `${this.#redactor.cleanJson(head, PROTOCOL_WORDS)}\n${this.#redactor.cleanJson(body)}\n`;
    this.#schedule();
  }

  /** What Python has not taken yet. Characters of the batch count as bytes: nearly all are one. */
  get waitingBytes(): number {
    return this.#batch.length + this.#stream.writableLength;
  }

  /** Resolves when all that was queued is with the operating system. */
  async flush(): Promise<void> {
    const batch = this.#take();
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    await new Promise<void>((resolve) => this.#stream.write(batch, () => resolve()));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      const batch = this.#take();
      // A link that has just died is noticed by its reader; what is queued then has nobody to go to.
      if (batch !== "" && !this.#stream.destroyed && !this.#stream.writableEnded) this.#stream.write(batch);
    });
  }

  #take(): string {
    const batch = this.#batch;
    this.#batch = "";
    this.#isScheduled = false;
    return batch;
  }
}
