import type { KeptResults } from "../kept-results.ts";
import type { DataReader } from "./event-stream.ts";
import { parseMessages } from "./json-rpc.ts";
import { AnswerScan, type ScannedMessage } from "./large/answer-scan.ts";
import { HeldAnswer } from "./large/held-answer.ts";
import { passedThrough } from "./large/young-garbage.ts";
import type { PendingRequest } from "./pending-request.ts";

/**
 * How the bytes of an answer become messages for the request that they answer: a small one as a whole, a large one as it
 * comes where its result is not wanted.
 */

/** A body or an event as a whole. @returns false when it is not JSON */
export const takeWhole = (request: PendingRequest, bytes: Buffer, atMs: number): boolean => {
  // As it came: of a refusal, or of what is said beside an answer, little or nothing goes further than this.
  request.operation?.marked?.feed(bytes);
  const messages = parseMessages(bytes.toString("utf8"));
  if (messages === null) return false;
  if (request.operation?.results === "hashed") {
    const scan = new AnswerScan({ wantsDigest: true });
    scan.feed(bytes);
    keepDigest(request, scan.end() ?? []);
  }
  request.take(messages, atMs);
  return true;
};

/** What was read as it came. @returns false when it was not JSON */
export const takeScanned = (request: PendingRequest, scan: AnswerScan, atMs: number): boolean => {
  const messages = scan.end();
  if (messages === null) return false;
  keepDigest(request, messages);
  request.take(
    messages.map(({ value }) => value),
    atMs,
  );
  return true;
};

/** One event of a stream that carries a request's answer. Events that are no JSON end the request. */
export const takeEvent = (request: PendingRequest, data: Buffer, atMs: number): void => {
  hearEvent(request, takeWhole, data, atMs);
};

/** The same for an event that grows large. */
export const readLargeEvent = (request: PendingRequest, kept: KeptResults, atMs: () => number): DataReader => {
  const scan = scanFor(request);
  if (scan !== null) {
    return { feed: (bytes) => readOn(scan, bytes), end: () => hearEvent(request, takeScanned, scan, atMs()) };
  }
  const held = new HeldAnswer(request, kept);
  return { feed: (bytes) => held.feed(bytes), end: () => hearEvent(request, takeHeld, held, atMs()) };
};

/** What was held of a large answer. @returns false when it is not JSON */
export const takeHeld = (request: PendingRequest, held: HeldAnswer, atMs: number): boolean =>
  takeWhole(request, held.bytes(), atMs);

/** The next bytes of a large answer, which nobody holds. */
export const readOn = (scan: AnswerScan, bytes: Buffer): void => {
  scan.feed(bytes);
  passedThrough(bytes.length);
};

/** What is to read a large answer to this request as it comes; null when it is to be kept as a whole. */
export const scanFor = ({ operation }: PendingRequest): AnswerScan | null =>
  operation === null || operation.results === "kept"
    ? null
    : new AnswerScan({
        wantsDigest: operation.results === "hashed",
        onBytes: operation.marked?.feed.bind(operation.marked),
      });

const hearEvent = <Data>(
  request: PendingRequest,
  take: (request: PendingRequest, data: Data, atMs: number) => boolean,
  data: Data,
  atMs: number,
): void => {
  if (request.isSettled) return;
  request.operation?.hearEvent(atMs);
  if (!take(request, data, atMs)) request.fail({ reason: "protocol", detail: "an event of the stream is not JSON" });
};

const keepDigest = ({ id, operation }: PendingRequest, messages: readonly ScannedMessage[]): void => {
  const answer = messages.find(({ value }) => (value as { readonly id?: unknown } | null)?.id === id);
  if (operation !== null && answer !== undefined) operation.digest = answer.digest;
};
