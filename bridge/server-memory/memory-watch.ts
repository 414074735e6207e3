/**
 * Reads one server's memory from the start of a run to its stop, one reading after the other, never on the way of a call. A
 * source that fails is said once to the user and counted in the record; it never ends a run.
 */
import type { MemorySettings } from "../../config/settings.ts";
import { targetClass } from "../../config/target-class.ts";
import type { MemoryEvent } from "../../record/facts/server-memory.ts";
import { within } from "../within.ts";
import { LIMIT_MS, openSource, type ReadMemory } from "./open-source.ts";
import { page } from "./page.ts";
import { SourceError } from "./source-error.ts";

export interface MemoryWatchOptions {
  readonly server: string;
  readonly memory: MemorySettings;
  readonly hear: (event: MemoryEvent) => void;
  readonly note: (text: string) => void;
  /** For tests. */
  readonly read?: ReadMemory;
}

/** Somebody else's page is asked no oftener, whatever the file says. */
const PUBLIC_MS = 1_000;

export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #read: ReadMemory;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void>;
  #hasEnded = false;
  #isCut = false;
  readonly #noted = new Set<string>();

  /** Begins at once. */
  constructor(options: MemoryWatchOptions) {
    const { memory, read } = options;
    this.#options = options;
    this.#read = read ?? openSource(memory.source);
    const isPublic = "url" in memory.source && targetClass(memory.source.url) === "public";
    this.#everyMs = Math.max(memory.everyMs, isPublic ? PUBLIC_MS : 0);
    this.#work = this.#collectGarbage().then(() => this.#reading());
  }

  /** One last reading. What has not come within the limit counts as failed. */
  async end(limitMs: number): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (await within(limitMs, this.#lastReading())) return;
    this.#isCut = true;
    this.#fail(new SourceError("not read before the end of the run"));
  }

  async #lastReading(): Promise<void> {
    await this.#work;
    await this.#collectGarbage();
    await this.#reading();
  }

  async #reading(): Promise<void> {
    const { server, memory, hear } = this.#options;
    const fromMs = performance.now();
    try {
      const bytes = await this.#read();
      if (!this.#isCut) hear({ server, from: memory.source.kind, atMs: Date.now(), bytes });
    } catch (error) {
      if (!this.#isCut) this.#fail(error);
    }
    if (this.#hasEnded) return;
    this.#timer = setTimeout(
      () => {
        this.#work = this.#reading();
      },
      Math.max(0, this.#everyMs - (performance.now() - fromMs)),
    );
    this.#timer.unref();
  }

  #fail(error: unknown): void {
    const { server, memory, hear } = this.#options;
    const why = whyOf(error);
    hear({ server, from: memory.source.kind, atMs: Date.now(), bytes: null, why });
    this.#note(`its memory cannot be read: ${why}`);
  }

  async #collectGarbage(): Promise<void> {
    const { gcUrl } = this.#options.memory;
    if (gcUrl === null) return;
    try {
      await page({ url: gcUrl, method: "POST", limitMs: LIMIT_MS });
    } catch (error) {
      this.#note(`its garbage was not collected: ${whyOf(error)}`);
    }
  }

  #note(text: string): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#options.note(text);
  }
}

const whyOf = (error: unknown): string => (error instanceof SourceError ? error.message : "an unexpected fault");
