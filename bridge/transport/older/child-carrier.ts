import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { deserializeMessage } from "@modelcontextprotocol/client";
import type { ChildSettings } from "../../../config/settings.ts";
import type { Failure } from "../../operation.ts";
import { WireError } from "../../outcome.ts";
import type { Wire } from "../wire.ts";
import type { Carrier, CarrierHooks, OutgoingMessage } from "./carrier.ts";
import { LastLine } from "./last-line.ts";
import { LineReader } from "./line-reader.ts";
import { PATIENCE_MS, signalGroup, startGroup } from "./process-group.ts";

/** For what a process said before its end, and is still in its pipes. */
const GRACE_MS = 100;

/**
 * A server that is a process: one for each session, ended with its session. It ends by the end of its input, as the protocol
 * wants it, so that none is left when the bridge is killed; one that does not gets SIGTERM after 2 s and SIGKILL after 4.
 *
 * These come in any order when it ends by itself: the end of its output, an error of its input, `exit`, and `close`, when
 * all has been read. `close` never comes while a helper of it holds its output, so the others count, too, a moment later.
 */
export class ChildCarrier implements Carrier {
  readonly #settings: ChildSettings;
  readonly #wire: Wire;
  readonly #said = new LastLine();
  #child: ChildProcessWithoutNullStreams | null = null;
  #hooks: CarrierHooks | null = null;
  #isCounted = false;
  #isOver = false;
  #end = "";
  #grace: NodeJS.Timeout | null = null;

  constructor(settings: ChildSettings, wire: Wire) {
    this.#settings = settings;
    this.#wire = wire;
  }

  async start(hooks: CarrierHooks): Promise<void> {
    this.#hooks = hooks;
    try {
      this.#child = startGroup(this.#settings);
      this.#listen(this.#child);
      await once(this.#child, "spawn");
    } catch (error) {
      this.#isOver = true;
      const failure = notStarted(error);
      this.#wire.count.failed(new WireError(failure));
      throw new WireError(failure, { cause: error });
    }
    if (this.#isOver) return;
    this.#isCounted = true;
    this.#wire.count.opened("stdio");
  }

  /** A message that cannot be written any more is no failure of its own: the end that it comes from is told in a moment. */
  send({ text }: OutgoingMessage, signal: AbortSignal): Promise<void> {
    this.#wire.count.requests += 1;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#child?.stdin.write(`${text}\n`, () => resolve());
    });
  }

  async close(): Promise<void> {
    this.#settle(false);
    const child = this.#child;
    if (child?.pid === undefined) return;
    child.stdin.end();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await hasEnded(child)) break;
      signalGroup(child.pid, signal);
    }
    // A helper in a group of its own may hold the other ends for ever.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }

  #listen(child: ChildProcessWithoutNullStreams): void {
    const lines = new LineReader(this.#wire.settings.maxAnswerBytes, (line) => this.#hear(line));
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.#isOver && !lines.feed(chunk)) this.#lose({ reason: "too-large" }, false);
    });
    child.stderr.on("data", (chunk: Buffer) => this.#said.feed(chunk));
    child.stdout.once("end", () => this.#endSoon("the process closed its output"));
    child.stdin.on("error", () => this.#endSoon("the process closed its input"));
    child.once("exit", () => this.#endSoon("the process ended"));
    child.once("close", () => this.#ended());
    // Said by the start; and what a signal does not reach has gone.
    child.on("error", () => undefined);
  }

  /** Lines that are no messages are what servers log in the wrong place. */
  #hear(line: Buffer): void {
    if (this.#isOver) return;
    const message = messageOf(line);
    if (message !== null) this.#hooks?.onMessage(message, line.length);
  }

  #endSoon(what: string): void {
    this.#end = what;
    if (!this.#isOver) this.#grace ??= setTimeout(() => this.#ended(), GRACE_MS);
  }

  #ended(): void {
    const what = this.#child === null || isAlive(this.#child) ? this.#end : "the process ended";
    const last = this.#said.text();
    const detail = last === "" ? what : `${what}; the last it said: ${last}`;
    this.#lose({ reason: "disconnected", detail }, true);
  }

  #lose(failure: Failure, isByServer: boolean): void {
    if (!this.#settle(isByServer)) return;
    this.#hooks?.onLost(failure);
    void this.close();
  }

  /** @returns false when it was over before */
  #settle(isByServer: boolean): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    if (this.#grace !== null) clearTimeout(this.#grace);
    if (this.#isCounted) this.#wire.count.closed(isByServer);
    return true;
  }
}

const messageOf = (line: Buffer): ReturnType<typeof deserializeMessage> | null => {
  try {
    return deserializeMessage(line.toString("utf8"));
  } catch {
    return null;
  }
};

const isAlive = ({ exitCode, signalCode }: ChildProcessWithoutNullStreams): boolean =>
  exitCode === null && signalCode === null;

/** Waits for its end, for as long as patience lasts. */
const hasEnded = async (child: ChildProcessWithoutNullStreams): Promise<boolean> => {
  if (isAlive(child)) await Promise.race([once(child, "exit"), wait(PATIENCE_MS, undefined, { ref: false })]);
  return !isAlive(child);
};

const notStarted = (error: unknown): Failure => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  return { reason: "connect", detail: `the program of stdio.command cannot be started (${code})` };
};
