import type { Duplex } from "node:stream";
import type { Bridge } from "../bridge.ts";
import type { Redactor } from "../redactor.ts";
import { told } from "../told.ts";
import { within } from "../within.ts";
import { type End, endLine, type Held, isHeld } from "./end-line.ts";
import { LineReader } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";
import { LinkError } from "./link-error.ts";
import { LINK_VERSION, type Message, parseMessage } from "./messages.ts";

/**
 * The bridge's end of the link: reads lines, has them carried out, writes the answers (docs/link-protocol.md).
 *
 * Orders in which it may end, all of which end the bridge once: `quit` from Python; end of file without `quit` (Locust
 * was killed); an error of the stream (the same); a line that is not of the protocol (told, then ended); a process
 * signal that the caller of `end` handles.
 */

const LOCUST_GONE = "Locust's process ended without a word";
/** Nobody waits for a bridge whose Locust was killed, and it must not outlive it for long (design, invariant 5). */
const GONE_CLOSE_MS = 500;
const FLUSH_MS = 1_000;

export type Hello = Extract<Message, { op: "hello" }>;

export interface ConversationOptions {
  readonly redactor: Redactor;
  /** Makes the bridge once Python has said who it is. May throw errors that carry `exitCode` and a message for people. */
  readonly onHello: (hello: Hello, note: Note) => Promise<Greeted>;
  /** Called once, when the end begins. */
  readonly onEnding?: () => void;
}

/** What the link asks of a bridge. */
export type Conversed = Pick<
  Bridge,
  | "operations"
  | "arguments"
  | "start"
  | "stop"
  | "end"
  | "divide"
  | "hearUsers"
  | "hearArrivals"
  | "hearTurn"
  | "totals"
  | "live"
  | "onAuth"
> & { readonly kept?: Bridge["kept"] };

export interface Greeted {
  readonly bridge: Conversed;
  /** The rest of the `hello` line. */
  readonly greeting: Readonly<Record<string, unknown>>;
}

export type Note = (level: "info" | "warning", text: string) => void;

export class Conversation {
  readonly #stream: Duplex;
  readonly #writer: LineWriter;
  readonly #options: ConversationOptions;
  #bridge: Conversed | null = null;
  #ending: Promise<void> | null = null;
  #hasGreeted = false;
  /** Exit code that the end deserves. */
  exitCode = 0;
  readonly #onEnding: () => void;
  readonly #whenOver: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(stream: Duplex, options: ConversationOptions) {
    this.#stream = stream;
    this.#writer = new LineWriter(stream, options.redactor);
    this.#options = options;
    this.#onEnding = options.onEnding ?? (() => undefined);
    const reader = new LineReader((line) => this.#hear(line));
    stream.on("data", (chunk: Buffer) => {
      if (this.#ending !== null) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#refuse(error);
      }
    });
    stream.on("end", () => void this.end(LOCUST_GONE, GONE_CLOSE_MS));
    stream.on("close", () => void this.end(LOCUST_GONE, GONE_CLOSE_MS));
    // A reset is one more way in which Locust's side ends; `close` follows.
    stream.on("error", () => undefined);
  }

  /** Resolves when the bridge has ended and the last line is out. */
  get over(): Promise<void> {
    return this.#whenOver.promise;
  }

  /**
   * Ends the bridge and the link. The first reason counts.
   * @param closeMs how long the servers get to answer the DELETEs of open sessions; the bridge's own limit by default
   */
  async end(reason: string, closeMs?: number): Promise<void> {
    this.#ending ??= this.#end(reason, closeMs);
    return this.#ending;
  }

  async #end(reason: string, closeMs?: number): Promise<void> {
    this.#onEnding();
    try {
      await this.#bridge?.end(reason, closeMs);
      // A reader that stands still would keep a full pipe full.
      await within(FLUSH_MS, this.#writer.flush());
    } finally {
      this.#stream.destroy();
      this.#whenOver.resolve();
    }
  }

  #hear(line: string): void {
    if (this.#ending !== null) return;
    let message: Message;
    try {
      message = parseMessage(line);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    if (message.op === "hello") void this.#greet(message);
    else if (message.op === "clock") this.#say({ op: "clock", id: message.id, nowMs: performance.now() });
    else if (this.#bridge === null) this.#refuse(new LinkError("LINK_BAD_LINE", { why: "no hello yet" }));
    else this.#carryOut(message, this.#bridge);
  }

  #carryOut(message: Exclude<Message, { op: "hello" | "clock" }>, bridge: Conversed): void {
    switch (message.op) {
      case "open":
        this.#answer(bridge.operations.open(message));
        break;
      case "call":
        this.#answer(bridge.operations.call(message));
        break;
      case "close":
        this.#answer(bridge.operations.close(message));
        break;
      case "cancel":
        bridge.operations.cancel(message.id);
        break;
      case "mark":
        bridge.operations.mark(message.session, message.id, message.detail);
        break;
      case "users":
        bridge.hearUsers(message);
        break;
      case "arrivals":
        bridge.hearArrivals(message);
        break;
      case "turn":
        bridge.hearTurn(message);
        break;
      case "share":
        bridge.divide(message.share);
        break;
      case "start":
        this.#reply(message.id, async () => ({ op: "start", id: message.id, dir: await bridge.start(message) }));
        break;
      case "stop":
        this.#reply(message.id, async () => ({
          op: "stop",
          id: message.id,
          dir: await bridge.stop(message.reason, message.tally),
        }));
        break;
      case "arguments":
        this.#reply(message.id, async () => ({
          op: "arguments",
          id: message.id,
          arguments: await bridge.arguments.make(message),
        }));
        break;
      case "stats":
        this.#reply(message.id, async () => ({
          op: "stats",
          id: message.id,
          totals: await bridge.totals(),
          sessionsOpen: bridge.operations.sessionsOpen,
          sessions: bridge.operations.sessions(),
        }));
        break;
      case "live":
        this.#reply(message.id, async () => ({ op: "live", id: message.id, live: await bridge.live() }));
        break;
      case "quit":
        void this.end("quit");
        break;
      default:
        message satisfies never;
    }
  }

  async #greet(hello: Hello): Promise<void> {
    if (hello.v !== LINK_VERSION || this.#hasGreeted) {
      this.#refuse(new LinkError(this.#hasGreeted ? "LINK_BAD_LINE" : "LINK_VERSION", { theirs: hello.v }));
      return;
    }
    this.#hasGreeted = true;
    try {
      const { bridge, greeting } = await this.#options.onHello(hello, (level, text) =>
        this.#say({ op: "note", level, text }),
      );
      this.#bridge = bridge;
      if (bridge.kept !== undefined) bridge.kept.waiting = () => this.#writer.waitingBytes;
      bridge.onAuth = (fact) => this.#say({ op: "auth", ...fact });
      this.#say({ op: "hello", v: LINK_VERSION, nowMs: performance.now(), pid: process.pid, ...greeting });
    } catch (error) {
      this.#refuse(error);
    }
  }

  #answer(work: Promise<End | Held>): void {
    work
      .then((end) => {
        const head = endLine(end);
        if (isHeld(end) || end.result === undefined) this.#writer.line(head);
        else this.#writer.lines(head, end.result);
      })
      // Operations settle every way to fail as an ending; what arrives here is a defect of ours and must be seen.
      .catch((error: unknown) => this.#refuse(error));
  }

  #reply(id: number, work: () => Promise<Readonly<Record<string, unknown>>>): void {
    work().then(
      (line) => this.#say(line),
      (error: unknown) => this.#say({ op: "error", id, ...told(error) }),
    );
  }

  #say(line: Readonly<Record<string, unknown>>): void {
    this.#writer.line(JSON.stringify(line));
  }

  /** Tells Python what is wrong, and ends. */
  #refuse(error: unknown): void {
    const fields = told(error);
    this.exitCode = fields.exitCode;
    this.#say({ op: "error", ...fields });
    void this.end(fields.code);
  }
}
