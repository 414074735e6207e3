/** Has arguments made from tools' schemas in a thread of its own, which starts with the first request. */

import { Worker } from "node:worker_threads";
import { ArgumentsError } from "./arguments-error.ts";
import type { Made, Said, Wanted } from "./arguments-thread.ts";
import type { Arguments } from "./compiled-schema.ts";
import { boundedText } from "./schema-bounds.ts";

/** Tells this thread from the recorder's, in a bundle. */
export const ARGUMENTS_THREAD = "arguments";

const LIMIT_MS = 2_000;
/** To load the compiler and the generator, on a machine under load. */
const START_LIMIT_MS = 15_000;
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

export interface Request {
  /** As a server sent it. */
  readonly schema: unknown;
  readonly seed: number;
  readonly count: number;
}

export class ArgumentMaker {
  readonly #limitMs: number;
  #thread: ArgumentsThread | null = null;
  /** One at a time: a request that takes too long costs the others its limit, and nothing else. */
  #queue: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** @param limitMs for one request */
  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /**
   * @returns `count` sets of arguments; the same for the same schema and seed
   * @throws {ArgumentsError}
   */
  async make({ schema, seed, count }: Request): Promise<readonly Arguments[]> {
    const text = boundedText(schema);
    const made = this.#queue.then(() => this.#ask({ text, seed, count }));
    this.#queue = made.catch(() => undefined);
    return made;
  }

  close(): void {
    this.#isOver = true;
    this.#end();
  }

  async #ask(wanted: Wanted): Promise<readonly Arguments[]> {
    if (this.#isOver) throw new ArgumentsError("ARGUMENTS_OVER");
    this.#thread ??= new ArgumentsThread();
    const made = await this.#thread.ask(wanted, this.#limitMs);
    if (made === null) this.#end();
    if (this.#isOver) throw new ArgumentsError("ARGUMENTS_OVER");
    if (made === null) throw new ArgumentsError("ARGUMENTS_SLOW");
    if ("arguments" in made) return made.arguments;
    throw new ArgumentsError(made.fault, made.why === undefined ? {} : { why: made.why });
  }

  #end(): void {
    this.#thread?.end();
    this.#thread = null;
  }
}

/** One thread, from its start to its end, which may come at any time: out of memory, or told so. */
class ArgumentsThread {
  readonly #worker: Worker;
  readonly #ready: Promise<Said | null>;
  /** Hears what the thread says next, or null when it ends first. */
  #hear: (said: Said | null) => void = () => undefined;

  /** It sees no variable of the environment: a stranger's schema is compiled to code there. */
  constructor() {
    const here: string | undefined = import.meta.url;
    const entry = here === undefined ? (process.argv[1] ?? "") : new URL("./thread-entry.ts", here);
    this.#worker = new Worker(entry, { workerData: ARGUMENTS_THREAD, env: {}, resourceLimits: MEMORY });
    this.#worker.on("message", (said: Said) => this.#hear(said));
    // What we did not foresee, or out of memory: either way the schema was too much. `exit` follows.
    this.#worker.on("error", () => undefined);
    this.#worker.on("exit", () => this.#hear(null));
    this.#ready = this.#next(START_LIMIT_MS);
    // The bridge ends when its link does.
    this.#worker.unref();
  }

  /** @returns null when it took too long, or ended */
  async ask(wanted: Wanted, limitMs: number): Promise<Made | null> {
    if ((await this.#ready) === null) return null;
    this.#worker.postMessage(wanted);
    const said = await this.#next(limitMs);
    return said === "ready" ? null : said;
  }

  end(): void {
    void this.#worker.terminate();
  }

  async #next(limitMs: number): Promise<Said | null> {
    const { promise, resolve } = Promise.withResolvers<Said | null>();
    this.#hear = resolve;
    const timer = setTimeout(() => resolve(null), limitMs);
    const said = await promise;
    clearTimeout(timer);
    return said;
  }
}
