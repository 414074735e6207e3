import { KeptText } from "./kept-text.ts";
import { PlainBytes } from "./plain-bytes.ts";

/**
 * Reads a JSON text as its bytes come, in any cuts, and holds none of it but what its listener asks for. Takes exactly
 * what `JSON.parse` takes (RFC 8259), up to a depth.
 */
export interface JsonListener {
  /** Whether the text of the scalar, or of the keys of the object, that comes next is wanted. */
  wantsKey(): boolean;
  wantsScalar(): boolean;
  /** @param text null when it was not wanted or is too long */
  onKey(text: string | null): void;
  /** @param at index of the bracket in the bytes that are being fed */
  onOpen(isArray: boolean, at: number): void;
  onClose(at: number): void;
  /**
   * @param value undefined when it was not wanted; of a long text its beginning
   * @param bytes how long a text is as it is written, without its quotes; 0 for other values
   */
  onScalar(value: string | number | boolean | null | undefined, bytes: number): void;
}

/** JSON.parse would take more; nothing that means well is as deep. */
export const DEEPEST = 10_000;

const VALUE = 0;
const FIRST_ITEM = 1;
const FIRST_KEY = 2;
const KEY = 3;
const COLON = 4;
const AFTER_VALUE = 5;
const IN_STRING = 6;
const IN_ESCAPE = 7;
const IN_HEX = 8;
const IN_NUMBER = 9;
const IN_LITERAL = 10;
const BROKEN = 11;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

/** By byte: whether it makes an escape with the backslash alone. */
const IS_SIMPLE_ESCAPE = Uint8Array.from({ length: 256 }, (_, byte) => Number(Buffer.from('"\\/bfnrt').includes(byte)));
const HEX_ESCAPE = 0x75;
const HEX_DIGITS = 4;

const LITERALS: ReadonlyMap<number, { readonly word: Buffer; readonly value: boolean | null }> = new Map(
  [true, false, null].map((value) => {
    const word = Buffer.from(String(value));
    return [word[0] ?? 0, { word, value }] as const;
  }),
);

/** Where a number stands, and what may follow there: RFC 8259, section 6. */
type Place = "minus" | "zero" | "whole" | "point" | "fraction" | "e" | "sign" | "exponent";
type Kind = "zero" | "digit" | "point" | "e" | "plus" | "minus";
const NEXT: Readonly<Record<Place, Partial<Readonly<Record<Kind, Place>>>>> = {
  minus: { zero: "zero", digit: "whole" },
  zero: { point: "point", e: "e" },
  whole: { zero: "whole", digit: "whole", point: "point", e: "e" },
  point: { zero: "fraction", digit: "fraction" },
  fraction: { zero: "fraction", digit: "fraction", e: "e" },
  e: { zero: "exponent", digit: "exponent", plus: "sign", minus: "sign" },
  sign: { zero: "exponent", digit: "exponent" },
  exponent: { zero: "exponent", digit: "exponent" },
};
const MAY_END: ReadonlySet<Place> = new Set(["zero", "whole", "fraction", "exponent"]);
const KIND_OF: ReadonlyMap<number, Kind> = new Map([
  ...Array.from("123456789", (digit) => [digit.charCodeAt(0), "digit"] as const),
  [0x30, "zero"],
  [0x2e, "point"],
  [0x65, "e"],
  [0x45, "e"],
  [0x2b, "plus"],
  [0x2d, "minus"],
]);

export class JsonScanner {
  readonly #listener: JsonListener;
  readonly #text = new KeptText();
  /** 1 for each open array, 0 for each open object. */
  #stack = new Uint8Array(64);
  #depth = 0;
  #state = VALUE;
  #isKey = false;
  #isWanted = false;
  #stringBytes = 0;
  #hexLeft = 0;
  #place: Place = "zero";
  #literal = LITERALS.get(0x6e);
  #literalAt = 0;
  #isDone = false;

  constructor(listener: JsonListener) {
    this.#listener = listener;
  }

  /** True from the first byte on that no JSON text has. */
  get isBroken(): boolean {
    return this.#state === BROKEN;
  }

  /** @returns whether what was fed is one JSON text */
  end(): boolean {
    if (this.#state === IN_NUMBER) this.#endNumber();
    return this.#isDone && this.#state === AFTER_VALUE;
  }

  feed(bytes: Uint8Array): void {
    const plain = new PlainBytes(bytes);
    let at = 0;
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      switch (this.#state) {
        case IN_STRING:
          at = this.#inString(bytes, plain, at);
          continue;
        case IN_ESCAPE:
          this.#inEscape(byte);
          break;
        case IN_HEX:
          this.#inHex(byte);
          break;
        case IN_NUMBER:
          // What ends a number belongs to what follows it.
          if (!this.#inNumber(byte)) continue;
          break;
        case IN_LITERAL:
          this.#inLiteral(byte);
          break;
        case BROKEN:
          return;
        default:
          if (!isBlank(byte)) this.#structure(byte, at);
      }
      at += 1;
    }
  }

  #structure(byte: number, at: number): void {
    switch (this.#state) {
      case FIRST_KEY:
      case KEY:
        if (byte === QUOTE) this.#openString(true);
        else if (byte === CLOSE_OBJECT && this.#state === FIRST_KEY) this.#close(at);
        else this.#state = BROKEN;
        break;
      case COLON:
        this.#state = byte === 0x3a ? VALUE : BROKEN;
        break;
      case AFTER_VALUE:
        this.#afterValue(byte, at);
        break;
      case FIRST_ITEM:
        if (byte === CLOSE_ARRAY) this.#close(at);
        else this.#value(byte, at);
        break;
      default:
        this.#value(byte, at);
    }
  }

  #afterValue(byte: number, at: number): void {
    const isArray = this.#depth > 0 && this.#stack[this.#depth - 1] === 1;
    if (this.#depth === 0) this.#state = BROKEN;
    else if (byte === COMMA) this.#state = isArray ? VALUE : KEY;
    else if (byte === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) this.#close(at);
    else this.#state = BROKEN;
  }

  #value(byte: number, at: number): void {
    if (byte === QUOTE) this.#openString(false);
    else if (byte === OPEN_OBJECT) this.#open(false, at);
    else if (byte === OPEN_ARRAY) this.#open(true, at);
    else if (byte === 0x2d || isDigit(byte)) this.#openNumber(byte);
    else this.#openLiteral(byte);
  }

  #open(isArray: boolean, at: number): void {
    if (this.#depth === DEEPEST) {
      this.#state = BROKEN;
      return;
    }
    if (this.#depth === this.#stack.length) {
      const wider = new Uint8Array(this.#stack.length * 2);
      wider.set(this.#stack);
      this.#stack = wider;
    }
    this.#stack[this.#depth] = isArray ? 1 : 0;
    this.#depth += 1;
    this.#state = isArray ? FIRST_ITEM : FIRST_KEY;
    this.#listener.onOpen(isArray, at);
  }

  #close(at: number): void {
    this.#depth -= 1;
    this.#valueEnded();
    this.#listener.onClose(at);
  }

  #valueEnded(): void {
    this.#state = AFTER_VALUE;
    if (this.#depth === 0) this.#isDone = true;
  }

  #openString(isKey: boolean): void {
    this.#state = IN_STRING;
    this.#isKey = isKey;
    this.#stringBytes = 0;
    this.#isWanted = isKey ? this.#listener.wantsKey() : this.#listener.wantsScalar();
    this.#text.clear();
  }

  #inString(bytes: Uint8Array, plain: PlainBytes, from: number): number {
    let end = plain.endFrom(from);
    const isKept = this.#isWanted && !this.#text.isCut;
    // JSON within a text has an escape at every quote: on this way they cost a third.
    while (!isKept && bytes[end] === BACKSLASH && IS_SIMPLE_ESCAPE[bytes[end + 1] ?? 0] === 1) {
      end = plain.endFrom(end + 2);
    }
    this.#stringBytes += end - from;
    if (isKept && end > from) this.#text.addPlain(bytes, from, end);
    if (end === bytes.length) return end;
    const byte = bytes[end];
    if (byte === QUOTE) this.#endString();
    else if (byte === BACKSLASH) {
      this.#state = IN_ESCAPE;
      this.#stringBytes += 1;
    } else this.#state = BROKEN;
    return end + 1;
  }

  #endString(): void {
    const text = this.#isWanted ? this.#text.text() : undefined;
    if (!this.#isKey) {
      this.#valueEnded();
      this.#listener.onScalar(text, this.#stringBytes);
      return;
    }
    this.#state = COLON;
    this.#listener.onKey(text === undefined || this.#text.isCut ? null : text);
  }

  #inEscape(byte: number): void {
    this.#stringBytes += 1;
    if (byte === HEX_ESCAPE) {
      this.#state = IN_HEX;
      this.#hexLeft = HEX_DIGITS;
      this.#text.beginEscape(byte);
    } else if (IS_SIMPLE_ESCAPE[byte] === 1) {
      this.#text.beginEscape(byte);
      this.#endEscape();
    } else this.#state = BROKEN;
  }

  #inHex(byte: number): void {
    this.#stringBytes += 1;
    if (!isHex(byte)) {
      this.#state = BROKEN;
      return;
    }
    this.#text.addToEscape(byte);
    this.#hexLeft -= 1;
    if (this.#hexLeft === 0) this.#endEscape();
  }

  #endEscape(): void {
    this.#state = IN_STRING;
    if (this.#isWanted) this.#text.endEscape();
  }

  #openNumber(byte: number): void {
    this.#state = IN_NUMBER;
    this.#place = byte === 0x2d ? "minus" : byte === 0x30 ? "zero" : "whole";
    this.#isWanted = this.#listener.wantsScalar();
    this.#text.clear();
    if (this.#isWanted) this.#text.addByte(byte);
  }

  /** @returns false when the number ended before this byte */
  #inNumber(byte: number): boolean {
    const kind = KIND_OF.get(byte);
    if (kind === undefined) {
      this.#endNumber();
      return false;
    }
    const place = NEXT[this.#place][kind];
    if (place === undefined) this.#state = BROKEN;
    else this.#place = place;
    if (this.#isWanted) this.#text.addByte(byte);
    return true;
  }

  #endNumber(): void {
    if (!MAY_END.has(this.#place)) {
      this.#state = BROKEN;
      return;
    }
    this.#valueEnded();
    // A number of thousands of digits is no id and no code, whatever its first digits say.
    const value = this.#text.isCut ? null : Number(this.#text.text());
    this.#listener.onScalar(this.#isWanted ? value : undefined, 0);
  }

  #openLiteral(byte: number): void {
    this.#literal = LITERALS.get(byte);
    this.#literalAt = 1;
    this.#state = this.#literal === undefined ? BROKEN : IN_LITERAL;
  }

  #inLiteral(byte: number): void {
    const literal = this.#literal;
    if (literal === undefined || byte !== literal.word[this.#literalAt]) {
      this.#state = BROKEN;
      return;
    }
    this.#literalAt += 1;
    if (this.#literalAt < literal.word.length) return;
    this.#valueEnded();
    this.#listener.onScalar(this.#listener.wantsScalar() ? literal.value : undefined, 0);
  }
}
