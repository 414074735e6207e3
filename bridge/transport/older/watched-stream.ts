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
  let eventBytes = 0;
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
        eventBytes = bytesBehindEvent(value, eventBytes);
        if (eventBytes > maxEventBytes) throw new WireError({ reason: "too-large" });
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

/** How long the event is that is still coming: an empty line ends one. */
const bytesBehindEvent = (chunk: Uint8Array, before: number): number => {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const end = Math.max(bytes.lastIndexOf("\n\n"), bytes.lastIndexOf("\n\r\n"), bytes.lastIndexOf("\r\r"));
  return end < 0 ? before + bytes.length : bytes.length - end;
};
