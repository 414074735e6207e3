import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";

/**
 * A user of the bridge as it ships: starts `dist/bridge.cjs` with the link on a socketpair and speaks
 * docs/link-protocol.md, nothing else.
 */

export type Line = Readonly<Record<string, unknown>>;

/** The end of an operation, its result beside it. */
export interface LinkEnd {
  readonly name: string | null;
  readonly ok: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly held?: boolean;
  readonly result: unknown;
}

const LINK_FD = 3;

export interface LinkOptions {
  readonly bundle: string;
  /** Folder in which the bridge runs and looks for `loadtest.yaml`. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export class LinkClient {
  readonly #bridge: ChildProcess;
  readonly #link: Duplex;
  readonly #waiting = new Map<number, { resolve: (line: Line) => void; reject: (error: Error) => void }>();
  #ended: Line | null = null;
  #lastId = 0;
  /** Of the bridge's clock to ours, in ms. */
  #offsetMs = 0;

  private constructor({ bundle, folder, environment }: LinkOptions) {
    this.#bridge = spawn(process.execPath, [bundle, "--fd", String(LINK_FD)], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    this.#link = this.#bridge.stdio[LINK_FD] as Duplex;
    createInterface({ input: this.#link }).on("line", (line) => this.#read(line));
    this.#bridge.once("exit", (code) => this.#fail(new Error(`the bridge ended with ${code}`)));
  }

  /** Starts a bridge and greets it. */
  static async start(options: LinkOptions): Promise<LinkClient> {
    const client = new LinkClient(options);
    const id = 0;
    const hello = client.#answerTo(id);
    const who = { kind: "local", index: 0, pid: process.pid };
    client.#write({ op: "hello", v: 1, project: options.folder, process: who, versions: { locust: "0", python: "0" } });
    await hello;
    const { nowMs } = await client.ask({ op: "clock" });
    client.#offsetMs = Number(nowMs) - performance.now();
    return client;
  }

  /** Writes a line with an id of its own and waits for what answers it. */
  ask(fields: Line): Promise<Line> {
    this.#lastId += 1;
    const answer = this.#answerTo(this.#lastId);
    this.#write({ ...fields, id: this.#lastId });
    return answer;
  }

  /** `open`, `call` or `close`, meant to begin now. */
  async operate(fields: Line): Promise<LinkEnd> {
    return (await this.ask({ ...fields, at: performance.now() + this.#offsetMs })) as unknown as LinkEnd;
  }

  /** Says goodbye and waits for the bridge to go. @returns its exit code */
  async quit(): Promise<number | null> {
    const gone = once(this.#bridge, "exit");
    this.#write({ op: "quit" });
    const [code] = (await gone) as [number | null];
    return code;
  }

  #answerTo(id: number): Promise<Line> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #write(line: Line): void {
    this.#link.write(`${JSON.stringify(line)}\n`);
  }

  #read(text: string): void {
    if (this.#ended !== null) {
      // The line after an end with a body is its result, alone.
      const ended = this.#ended;
      this.#ended = null;
      this.#settle(Number(ended.end), { ...ended, result: JSON.parse(text) });
      return;
    }
    const line = JSON.parse(text) as Line;
    if (line.op === "note" || line.op === "auth") return;
    if (line.op === "error") this.#fail(new Error(String(line.message)));
    else if (line.body === true) this.#ended = line;
    else this.#settle(Number(line.end ?? line.id ?? 0), line);
  }

  #settle(id: number, line: Line): void {
    this.#waiting.get(id)?.resolve(line);
    this.#waiting.delete(id);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
