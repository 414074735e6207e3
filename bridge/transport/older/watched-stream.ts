import { WireError } from "../../outcome.ts";

/**
 * A stream of events that passes as it comes, and says when it is over. An event that grows past the limit ends it, as
 * `too-large`: what reads it has no bound of its own.
 * @param onOver called once, with the error or null for an end
 */
export const watchedStream = (
  body: ReadableStream<Uint8Array> | null,
  maxEventBytes: number,
  onOver: (error: unknown) => void,
): ReadableStream<Uint8Array> => {
  const reader = body?.getReader();
  const event = new EventLength();
  let isOver = false;
  const over = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    onOver(error);
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
        if (done || value === undefined) {
          over(null);
          controller.close();
          return;
        }
        event.feed(value);
        if (event.bytes > maxEventBytes) throw new WireError({ reason: "too-large" });
        controller.enqueue(value);
      } catch (error) {
        over(error);
        controller.error(error);
        void reader?.cancel().catch(() => undefined);
      }
    },
    cancel(reason) {
      over(null);
      return reader?.cancel(reason);
    },
  });
};

const LF = 0x0a;
const CR = 0x0d;

/**
 * How long the event is that is still coming. An empty line ends one, and its two line ends may come in different chunks: a
 * server may flush after each line.
 */
class EventLength {
  bytes = 0;
  /** The line so far has nothing in it. */
  #isEmptyLine = true;
  /** A line feed that comes next belongs to the line end that was. */
  #isAfterCr = false;

  feed(chunk: Uint8Array): void {
    let start = -1;
    for (let at = this.#nextLineEnd(chunk, 0); at < chunk.length; at = this.#nextLineEnd(chunk, at + 1)) {
      const isSecondHalf = this.#isAfterCr && chunk[at] === LF;
      this.#isAfterCr = chunk[at] === CR;
      if (isSecondHalf) continue;
      if (this.#isEmptyLine) start = at + 1;
      this.#isEmptyLine = true;
    }
    this.bytes = start < 0 ? this.bytes + chunk.length : chunk.length - start;
  }

  /** Passes what is no line end. */
  #nextLineEnd(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && chunk[at] !== LF && chunk[at] !== CR) at += 1;
    if (at > from) {
      this.#isEmptyLine = false;
      this.#isAfterCr = false;
    }
    return at;
  }
}
