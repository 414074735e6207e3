import { Body } from "./body.ts";

/**
 * Server-sent events as their bytes come (WHATWG HTML, section 9.2.6), with the two things that outlive a broken stream:
 * the last event id and the pause that the server asked for. Of an event that grows large nothing need be held: its data
 * can go on to somebody who reads them as they come.
 */
export interface EventStreamHooks {
  /** Any complete event, a priming one without data included. */
  onEvent(): void;
  /** The data of a message event that is not empty. */
  onData(data: Buffer): void;
  /** One event grew larger than the limit; nothing is parsed any more. */
  onTooLarge(): void;
  /** The data of an event are more than `LARGE_BYTES`. @returns who takes them from their beginning; null: they are kept */
  onLarge?(): DataReader | null;
}

export interface DataReader {
  feed(bytes: Buffer): void;
  /** The event is complete, and it is a message. */
  end(): void;
}

/** From here on an answer is large: what is not wanted of it is not held. */
export const LARGE_BYTES = 1_048_576;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DATA = Buffer.from("data:");
const BYTE_ORDER_MARK = Buffer.from("\uFEFF");
const NEWLINE = Buffer.from("\n");
/** With so many bytes of a line it is known whether they are data: a mark, the name, a space. */
const TELLING_BYTES = BYTE_ORDER_MARK.length + DATA.length + 1;
/** It goes back into a request header. */
const MAX_ID_LENGTH = 4_096;

export class EventStream {
  lastEventId: string | null = null;
  retryMs: number | null = null;
  readonly #limit: number;
  readonly #hooks: EventStreamHooks;
  #isTooLarge = false;
  #isFirstLine = true;
  /** The last chunk ended with a CR: an LF at the beginning of the next one belongs to it. */
  #endedWithCr = false;
  /** The beginning of a line whose end has not come yet, and of which it is not known that it holds data. */
  #line: Body | null = null;
  /** True from the name of a line with data to its end. */
  #isInData = false;
  #id: string | null = null;
  #type = "";
  #dataLines = 0;
  #dataBytes = 0;
  /** The data of an event in one piece, as nearly all are; else null. */
  #only: Buffer | null = null;
  #data: Body | null = null;
  #reader: DataReader | null = null;

  constructor(maxEventBytes: number, hooks: EventStreamHooks) {
    this.#limit = maxEventBytes;
    this.#hooks = hooks;
  }

  /** Bytes of the event under way that are held. */
  get heldBytes(): number {
    return (this.#line?.size ?? 0) + (this.#reader === null ? this.#dataBytes : 0);
  }

  feed(chunk: Buffer): void {
    let from = this.#endedWithCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#endedWithCr = false;
    let lf = chunk.indexOf(LF, from);
    let cr = chunk.indexOf(CR, from);
    while (!this.#isTooLarge && (lf !== -1 || cr !== -1)) {
      const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
      this.#endLine(chunk, from, end);
      from = end + 1;
      if (end === cr) {
        this.#endedWithCr = from === chunk.length;
        if (lf === from) from += 1;
        cr = chunk.indexOf(CR, from);
      }
      if (lf !== -1 && lf < from) lf = chunk.indexOf(LF, from);
    }
    if (!this.#isTooLarge && from < chunk.length) this.#begin(chunk.subarray(from));
  }

  /** Bytes of a line whose end is not there yet. */
  #begin(piece: Buffer): void {
    if (this.#isInData) {
      this.#addData(piece);
      return;
    }
    this.#line ??= new Body(this.#limit);
    const before = this.#line.size;
    this.#line.add(piece);
    this.#checkSize();
    if (this.#isTooLarge || before >= TELLING_BYTES || this.#line.size < TELLING_BYTES) return;
    const line = this.#line.bytes();
    const from = this.#behindMark(line);
    if (!isData(line, from)) return;
    this.#line = null;
    this.#beginData();
    this.#isInData = true;
    this.#addData(line.subarray(valueFrom(line, from + DATA.length)));
  }

  #endLine(chunk: Buffer, from: number, end: number): void {
    if (this.#isInData) {
      this.#addData(chunk.subarray(from, end));
      this.#isInData = false;
    } else if (this.#line === null) {
      this.#take(chunk, this.#isFirstLine ? this.#behindMark(chunk, from) : from, end);
    } else {
      this.#line.add(chunk.subarray(from, end));
      const line = this.#line.bytes();
      this.#line = null;
      this.#take(line, this.#behindMark(line), line.length);
    }
    this.#isFirstLine = false;
  }

  /** A byte order mark may stand before the first line, and nowhere else. */
  #behindMark(line: Buffer, from = 0): number {
    const end = from + BYTE_ORDER_MARK.length;
    return this.#isFirstLine && line.subarray(from, end).equals(BYTE_ORDER_MARK) ? end : from;
  }

  /** A whole line. */
  #take(bytes: Buffer, from: number, end: number): void {
    if (from >= end) {
      this.#dispatch();
    } else if (end - from >= DATA.length && isData(bytes, from)) {
      this.#beginData();
      this.#addData(bytes.subarray(Math.min(end, valueFrom(bytes, from + DATA.length)), end));
    } else {
      const colon = bytes.indexOf(COLON, from);
      const isNamed = colon !== -1 && colon < end;
      const value = isNamed ? bytes.toString("utf8", Math.min(end, valueFrom(bytes, colon + 1)), end) : "";
      this.#field(bytes.toString("utf8", from, isNamed ? colon : end), value);
    }
  }

  #field(name: string, value: string): void {
    switch (name) {
      case "data":
        this.#beginData();
        break;
      case "event":
        this.#type = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^\d+$/.test(value)) this.retryMs = Number.parseInt(value, 10);
        break;
      default: // a comment has no name, and other names have no meaning
    }
  }

  #beginData(): void {
    this.#dataLines += 1;
    if (this.#dataLines > 1) this.#addData(NEWLINE);
  }

  #addData(piece: Buffer): void {
    if (piece.length === 0 || this.#isTooLarge) return;
    this.#dataBytes += piece.length;
    if (this.#reader !== null) this.#reader.feed(piece);
    else this.#keepData(piece);
    this.#checkSize();
  }

  #keepData(piece: Buffer): void {
    if (this.#only === null && this.#data === null) {
      this.#only = piece;
    } else {
      this.#data ??= new Body(this.#limit);
      if (this.#only !== null) this.#data.add(this.#only);
      this.#only = null;
      this.#data.add(piece);
    }
    if (this.#dataBytes > LARGE_BYTES && this.#dataBytes - piece.length <= LARGE_BYTES) this.#handOver();
  }

  #handOver(): void {
    const reader = this.#hooks.onLarge?.() ?? null;
    if (reader === null) return;
    this.#reader = reader;
    if (this.#only !== null) reader.feed(this.#only);
    for (const piece of this.#data?.pieces() ?? []) reader.feed(piece);
    this.#only = null;
    this.#data = null;
  }

  #checkSize(): void {
    if (this.#isTooLarge || (this.#line?.size ?? 0) + this.#dataBytes <= this.#limit) return;
    this.#isTooLarge = true;
    this.#forget();
    this.#line = null;
    this.#hooks.onTooLarge();
  }

  /** An empty line: what came since the last one is an event, when there were data in it. */
  #dispatch(): void {
    const hasEvent = this.#dataLines > 0;
    const isMessage = this.#dataBytes > 0 && (this.#type === "" || this.#type === "message");
    const data = this.#only ?? this.#data?.bytes() ?? NOTHING;
    const reader = this.#reader;
    if (hasEvent && this.#id !== null && this.#id.length <= MAX_ID_LENGTH) this.lastEventId = this.#id;
    this.#forget();
    if (hasEvent) this.#hooks.onEvent();
    if (!isMessage) return;
    if (reader === null) this.#hooks.onData(data);
    else reader.end();
  }

  #forget(): void {
    this.#id = null;
    this.#type = "";
    this.#dataLines = 0;
    this.#dataBytes = 0;
    this.#only = null;
    this.#data = null;
    this.#reader = null;
  }
}

const NOTHING = Buffer.alloc(0);

const isData = (line: Buffer, at: number): boolean =>
  line[at] === 0x64 &&
  line[at + 1] === 0x61 &&
  line[at + 2] === 0x74 &&
  line[at + 3] === 0x61 &&
  line[at + 4] === COLON;

/** @param from index behind the colon @returns where the value begins: one space is none of it */
const valueFrom = (line: Buffer, from: number): number => (line[from] === SPACE ? from + 1 : from);
