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
  #line: Body;
  /** True from the name of a line with data to its end. */
  #isInData = false;
  #id: string | null = null;
  #type = "";
  #dataLines = 0;
  #dataBytes = 0;
  #data: Body;
  #reader: DataReader | null = null;

  constructor(maxEventBytes: number, hooks: EventStreamHooks) {
    this.#limit = maxEventBytes;
    this.#hooks = hooks;
    this.#line = new Body(maxEventBytes);
    this.#data = new Body(maxEventBytes);
  }

  /** Bytes of the event under way that are held. */
  get heldBytes(): number {
    return this.#line.size + (this.#reader === null ? this.#dataBytes : 0);
  }

  feed(chunk: Buffer): void {
    let from = this.#endedWithCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#endedWithCr = false;
    let lf = chunk.indexOf(LF, from);
    let cr = chunk.indexOf(CR, from);
    while (!this.#isTooLarge && (lf !== -1 || cr !== -1)) {
      const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
      this.#endLine(chunk.subarray(from, end));
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
    const before = this.#line.size;
    this.#line.add(piece);
    this.#checkSize();
    if (!this.#isTooLarge && before < TELLING_BYTES && this.#line.size >= TELLING_BYTES) {
      const line = this.#withoutMark(this.#line.bytes());
      if (isData(line)) {
        this.#line = new Body(this.#limit);
        this.#beginData();
        this.#addData(valueFrom(line, DATA.length));
      }
    }
  }

  #endLine(piece: Buffer): void {
    if (this.#isInData) {
      this.#addData(piece);
      this.#isInData = false;
    } else {
      let line = piece;
      if (this.#line.size > 0) {
        this.#line.add(piece);
        line = this.#line.bytes();
        this.#line = new Body(this.#limit);
      }
      this.#take(this.#withoutMark(line));
    }
    this.#isFirstLine = false;
  }

  #withoutMark(line: Buffer): Buffer {
    const hasMark = this.#isFirstLine && line.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    return hasMark ? line.subarray(BYTE_ORDER_MARK.length) : line;
  }

  #take(line: Buffer): void {
    if (line.length === 0) {
      this.#dispatch();
    } else if (isData(line)) {
      this.#beginData();
      this.#addData(valueFrom(line, DATA.length));
      this.#isInData = false;
    } else {
      const colon = line.indexOf(COLON);
      const name = line.toString("utf8", 0, colon === -1 ? line.length : colon);
      this.#field(name, colon === -1 ? "" : valueFrom(line, colon + 1).toString("utf8"));
    }
  }

  #field(name: string, value: string): void {
    switch (name) {
      case "data":
        this.#beginData();
        this.#isInData = false;
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
    this.#isInData = true;
    this.#dataLines += 1;
    if (this.#dataLines > 1) this.#addData(NEWLINE);
  }

  #addData(piece: Buffer): void {
    if (piece.length === 0 || this.#isTooLarge) return;
    this.#dataBytes += piece.length;
    if (this.#reader !== null) this.#reader.feed(piece);
    else {
      const wasLarge = this.#data.size > LARGE_BYTES;
      this.#data.add(piece);
      if (!wasLarge && this.#data.size > LARGE_BYTES) this.#handOver();
    }
    this.#checkSize();
  }

  #handOver(): void {
    this.#reader = this.#hooks.onLarge?.() ?? null;
    if (this.#reader === null) return;
    for (const piece of this.#data.pieces()) this.#reader.feed(piece);
    this.#data = new Body(this.#limit);
  }

  #checkSize(): void {
    if (this.#isTooLarge || this.#line.size + this.#dataBytes <= this.#limit) return;
    this.#isTooLarge = true;
    this.#forget();
    this.#line = new Body(this.#limit);
    this.#hooks.onTooLarge();
  }

  /** An empty line: what came since the last one is an event, when there were data in it. */
  #dispatch(): void {
    const hasEvent = this.#dataLines > 0;
    const isMessage = this.#dataBytes > 0 && (this.#type === "" || this.#type === "message");
    const data = this.#data;
    const reader = this.#reader;
    if (hasEvent && this.#id !== null && this.#id.length <= MAX_ID_LENGTH) this.lastEventId = this.#id;
    this.#forget();
    if (hasEvent) this.#hooks.onEvent();
    if (!isMessage) return;
    if (reader === null) this.#hooks.onData(data.bytes());
    else reader.end();
  }

  #forget(): void {
    this.#id = null;
    this.#type = "";
    this.#dataLines = 0;
    if (this.#dataBytes > 0) this.#data = new Body(this.#limit);
    this.#dataBytes = 0;
    this.#reader = null;
  }
}

const isData = (line: Buffer): boolean =>
  line[0] === 0x64 && line[1] === 0x61 && line[2] === 0x74 && line[3] === 0x61 && line[4] === COLON;

/** @param from index behind the colon */
const valueFrom = (line: Buffer, from: number): Buffer => line.subarray(line[from] === SPACE ? from + 1 : from);
