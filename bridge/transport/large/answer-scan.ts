import { createHash, type Hash } from "node:crypto";
import { MESSAGE, type Shape } from "./answer-shape.ts";
import { type JsonListener, JsonScanner } from "./json-scanner.ts";

/** What is known of a result that was not kept. */
export interface ResultDigest {
  /** Of the result's bytes as they stood in the answer, from its first brace to its last; lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Of the first content; null where the result has none, or none with a type. */
  readonly firstType: string | null;
  /** Length of the first content's text or base64 as it is written. */
  readonly firstBytes: number;
}

/** One JSON-RPC message of a large answer, with what is looked at of it and nothing else. */
export interface ScannedMessage {
  readonly value: unknown;
  /** Null where it was not asked for, or there is no result. */
  readonly digest: ResultDigest | null;
}

/** A batch is a handful; no more of one are looked at. */
const MOST_MESSAGES = 1_000;

type Container = Record<string, unknown> | unknown[];

interface Level {
  readonly container: Container;
  readonly shape: Shape;
  /** The key whose value comes next. */
  key: string | null;
  /** Items of an array so far. */
  items: number;
}

/**
 * Finds in a JSON-RPC answer what a call is judged by, without holding it. What a key says last counts, as in `JSON.parse`.
 */
export class AnswerScan implements JsonListener {
  readonly #scanner = new JsonScanner(this);
  readonly #wantsDigest: boolean;
  readonly #onBytes: ((bytes: Uint8Array) => void) | undefined;
  readonly #levels: Level[] = [];
  /** Containers inside of one that is not looked at. */
  #skipped = 0;
  #top: unknown;
  #isBatch = false;
  readonly #batch: ScannedMessage[] = [];
  #isTooMany = false;
  #chunk: Uint8Array = NOTHING;
  #hash: Hash | null = null;
  #hashFrom = 0;
  #hashedBytes = 0;
  #hashDepth = 0;
  #hashed: { readonly sha256: string; readonly bytes: number } | null = null;
  #firstBytes = 0;

  /** @param options.onBytes is given every byte of the answer as it comes */
  constructor(options: {
    readonly wantsDigest: boolean;
    readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
  }) {
    this.#wantsDigest = options.wantsDigest;
    this.#onBytes = options.onBytes;
  }

  feed(bytes: Uint8Array): void {
    this.#chunk = bytes;
    this.#hashFrom = 0;
    this.#scanner.feed(bytes);
    this.#onBytes?.(bytes);
    this.#hashUpTo(bytes.length);
    this.#chunk = NOTHING;
  }

  /** True when it is known already that this is no JSON. */
  get isBroken(): boolean {
    return this.#scanner.isBroken || this.#isTooMany;
  }

  /** @returns the messages; null when it is not JSON, or nested or batched beyond measure */
  end(): readonly ScannedMessage[] | null {
    if (!this.#scanner.end() || this.#isTooMany) return null;
    return this.#isBatch ? this.#batch : [{ value: this.#top, digest: this.#digestOf(this.#top) }];
  }

  wantsKey(): boolean {
    return this.#skipped === 0 && this.#level?.shape.members !== undefined;
  }

  wantsScalar(): boolean {
    return this.#place() !== null;
  }

  onKey(text: string | null): void {
    if (this.#skipped === 0 && this.#level !== undefined) this.#level.key = text;
  }

  onScalar(value: string | number | boolean | null | undefined, bytes: number): void {
    const shape = this.#place();
    if (shape === null) {
      this.#passed();
      return;
    }
    const isCut = typeof value === "string" && shape.isWhole === true && value.length < bytes;
    if (shape.isMeasured === true && typeof value === "string") this.#firstBytes = bytes;
    if (shape === RESULT) this.#hashed = null;
    this.#put(isCut ? "" : value);
    this.#passed();
  }

  onOpen(isArray: boolean, at: number): void {
    const shape = this.#place();
    // A batch within a batch is no message.
    if (shape === null || (isArray && shape === MESSAGE && this.#levels.length > 0)) {
      this.#skipped += 1;
      return;
    }
    if (this.#levels.length === 0) this.#isBatch = isArray;
    const container: Container = isArray ? [] : {};
    this.#put(container);
    this.#levels.push({ container, shape, key: null, items: 0 });
    if (shape === MESSAGE) this.#beginMessage();
    else if (shape === RESULT) this.#beginResult(isArray, at);
  }

  onClose(at: number): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      if (this.#skipped === 0) this.#passed();
      return;
    }
    if (this.#hash !== null && this.#levels.length === this.#hashDepth) this.#endResult(at);
    const level = this.#levels.pop();
    if (this.#isBatch && this.#levels.length === 1 && level !== undefined) {
      this.#batch.push({ value: level.container, digest: this.#digestOf(level.container) });
      if (this.#batch.length > MOST_MESSAGES) this.#isTooMany = true;
    }
    this.#passed();
  }

  get #level(): Level | undefined {
    return this.#levels[this.#levels.length - 1];
  }

  /** What is kept of the value that comes next; null for nothing. */
  #place(): Shape | null {
    if (this.#skipped > 0) return null;
    const level = this.#level;
    if (level === undefined) return MESSAGE;
    if (Array.isArray(level.container)) {
      if (level.shape === MESSAGE) return MESSAGE;
      return level.items === 0 ? (level.shape.first ?? null) : null;
    }
    const { members } = level.shape;
    return level.key !== null && members !== undefined && Object.hasOwn(members, level.key)
      ? (members[level.key] ?? null)
      : null;
  }

  #put(value: unknown): void {
    const level = this.#level;
    if (level === undefined) this.#top = value;
    // The messages of a batch are held by themselves.
    else if (Array.isArray(level.container)) {
      if (level.shape !== MESSAGE) level.container.push(value);
    } else if (level.key !== null) level.container[level.key] = value;
  }

  /** The value that was next is over. */
  #passed(): void {
    const level = this.#level;
    if (level !== undefined) level.items += 1;
  }

  #beginMessage(): void {
    this.#hashed = null;
    this.#firstBytes = 0;
  }

  #beginResult(isArray: boolean, at: number): void {
    this.#hashed = null;
    this.#firstBytes = 0;
    if (!this.#wantsDigest || isArray) return;
    this.#hash = createHash("sha256");
    this.#hashFrom = at;
    this.#hashedBytes = 0;
    this.#hashDepth = this.#levels.length;
  }

  #endResult(at: number): void {
    this.#hashUpTo(at + 1);
    if (this.#hash !== null) this.#hashed = { sha256: this.#hash.digest("hex"), bytes: this.#hashedBytes };
    this.#hash = null;
  }

  #hashUpTo(to: number): void {
    if (this.#hash === null) return;
    this.#hash.update(this.#chunk.subarray(this.#hashFrom, to));
    this.#hashedBytes += to - this.#hashFrom;
  }

  #digestOf(message: unknown): ResultDigest | null {
    if (this.#hashed === null) return null;
    return { ...this.#hashed, firstType: firstTypeOf(message), firstBytes: this.#firstBytes };
  }
}

const NOTHING = new Uint8Array(0);
const RESULT = MESSAGE.members?.result;

/** Of a tool's content, a resource's contents (which say no type but have a text or a blob) or a prompt's messages. */
const firstTypeOf = (message: unknown): string | null => {
  const { content, contents, messages } = (message as { readonly result: Block }).result;
  const block = firstOf(content) ?? (firstOf(messages)?.content as Block | undefined);
  if (block !== undefined) return typeof block.type === "string" ? block.type : null;
  const resource = firstOf(contents);
  if (resource === undefined) return null;
  return resource.text === undefined ? "blob" : "text";
};

type Block = Readonly<Record<string, unknown>>;

const firstOf = (value: unknown): Block | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null ? (first as Block) : undefined;
};
