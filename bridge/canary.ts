/**
 * Marks what a session sends and finds marks in what it gets: whose data an answer holds shows in it. A mark is one word of
 * digits and letters, so that it comes back whole through JSON, URLs, markup and changes of case.
 */
import { randomInt } from "node:crypto";

/** `sbmark`, then the process, the session and the call, in base 36. */
const PREFIX = "sbmark";
const DIGITS = { process: 8, session: 6, call: 8 } as const;
const LENGTH = PREFIX.length + DIGITS.process + DIGITS.session + DIGITS.call;
const MARK = new RegExp(
  `${PREFIX}([0-9a-z]{${DIGITS.process}})([0-9a-z]{${DIGITS.session}})([0-9a-z]{${DIGITS.call}})`,
  "gi",
);
const PLACEHOLDER = "{canary}";
/** Different marks that are kept of one answer: a list of everything that was ever asked may hold any number. */
const MOST_MARKS = 1_000;
const PIECE_BYTES = 65_536;

/** One call's place: whose it is, and which of the process's marks it carries. */
export class Marked {
  readonly session: number;
  /** Null for a call that carries none; its answer is looked through all the same. */
  readonly call: number | null;
  readonly #found = new Set<string>();
  #tail = "";

  constructor(session: number, call: number | null) {
    this.session = session;
    this.call = call;
  }

  get found(): ReadonlySet<string> {
    return this.#found;
  }

  see(text: string): void {
    for (const [mark] of text.matchAll(MARK)) {
      if (this.#found.size >= MOST_MARKS) return;
      this.#found.add(mark.toLowerCase());
    }
  }

  /** A value that came without its bytes. What is nested too deeply to be a text is not looked through. */
  seeValue(value: unknown): void {
    let text: string;
    try {
      text = JSON.stringify(value) ?? "";
    } catch {
      return; // As a result it would be a failure (operations.ts); a refusal is one already.
    }
    this.see(text);
  }

  /** The next bytes of an answer. A mark may lie across two of them. */
  feed(bytes: Uint8Array): void {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // By pieces: a large answer is not to be there a second time.
    for (let at = 0; at < all.length; at += PIECE_BYTES) {
      const text = this.#tail + all.toString("latin1", at, Math.min(all.length, at + PIECE_BYTES));
      this.see(text);
      this.#tail = text.slice(1 - LENGTH);
    }
  }
}

/** What the marks in one answer say. */
export interface Echoes {
  readonly isOwn: boolean;
  /** Of another call of the same session. */
  readonly isOfSession: boolean;
  /** Of the same session, of a call that began later, and not its own: the answers were mixed up. */
  readonly isSwapped: boolean;
  /** Of another session: its number, or null for one of another process or an earlier run. Absent: none. */
  readonly foreign?: { readonly session: number | null };
}

type Params = Readonly<Record<string, unknown>>;

export class Canary {
  /** Told apart from those of other processes and earlier runs. */
  readonly #process = digits(randomInt(2 ** 41), DIGITS.process);
  #calls = 0;

  /**
   * @param argument which gets a mark behind its text; true for none, then only `{canary}` is replaced
   * @returns the same params where nothing asks for a mark
   */
  mark(session: number, params: Params, argument: string | true): { readonly params: Params; readonly marked: Marked } {
    const call = this.#calls + 1;
    const text = PREFIX + this.#process + digits(session, DIGITS.session) + digits(call, DIGITS.call);
    const filled = replaced(params, text) as Params;
    const sent = argument === true ? filled : appended(filled, argument, text);
    if (sent === params) return { params, marked: new Marked(session, null) };
    this.#calls = call;
    return { params: sent, marked: new Marked(session, call) };
  }

  judge({ session, call, found }: Marked): Echoes {
    let [isOwn, isOfSession, isLater] = [false, false, false];
    let foreign: Echoes["foreign"];
    for (const mark of found) {
      const [process, theirs, theirCall] = fieldsOf(mark);
      if (process !== this.#process) foreign ??= { session: null };
      else if (theirs !== wrapped(session, DIGITS.session)) foreign = { session: theirs };
      else if (theirCall === call) isOwn = true;
      else {
        isOfSession = true;
        isLater ||= call !== null && theirCall > call;
      }
    }
    return { isOwn, isOfSession, isSwapped: isLater && !isOwn, ...(foreign !== undefined && { foreign }) };
  }
}

const digits = (value: number, length: number): string => wrapped(value, length).toString(36).padStart(length, "0");

const wrapped = (value: number, length: number): number => Math.abs(Math.trunc(value)) % 36 ** length;

const fieldsOf = (mark: string): readonly [process: string, session: number, call: number] => {
  const process = mark.slice(PREFIX.length, PREFIX.length + DIGITS.process);
  const session = mark.slice(-DIGITS.session - DIGITS.call, -DIGITS.call);
  return [process, Number.parseInt(session, 36), Number.parseInt(mark.slice(-DIGITS.call), 36)];
};

/** The same value, where it holds no placeholder. */
const replaced = (value: unknown, mark: string): unknown => {
  if (typeof value === "string") return value.includes(PLACEHOLDER) ? value.replaceAll(PLACEHOLDER, mark) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, each, replaced(each, mark)] as const);
  if (entries.every(([, before, after]) => before === after)) return value;
  if (Array.isArray(value)) return entries.map(([, , after]) => after);
  return Object.fromEntries(entries.map(([key, , after]) => [key, after]));
};

const appended = (params: Params, argument: string, mark: string): Params => {
  const before = params.arguments as Params | undefined;
  if (typeof before !== "object" || before === null || !Object.hasOwn(before, argument)) return params;
  const text = before[argument];
  // An argument with a placeholder has its mark already.
  if (typeof text !== "string" || text.includes(mark)) return params;
  return { ...params, arguments: { ...before, [argument]: `${text} ${mark}` } };
};
