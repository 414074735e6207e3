import type { Surroundings, World } from "../../auth/world.ts";

/** Some moment of 2026, so that dates in tokens are plausible. */
const START_MS = Date.UTC(2026, 0, 15, 12);

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/**
 * A machine with these files; a test may change them while it goes on. `null`: there, but it cannot be read. Its time
 * stands still until the test moves it with `advance`.
 */
export class FakeWorld implements World {
  readonly files: Record<string, string | null>;
  reads = 0;
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #wallAheadMs: number;

  /** @param wallAheadMs how far this machine's wall clock is ahead of everybody else's */
  constructor(files: Record<string, string | null> = {}, wallAheadMs = 0) {
    this.files = files;
    this.#wallAheadMs = wallAheadMs;
  }

  readonly readFile = (path: string): string => {
    this.reads += 1;
    const text = this.files[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    if (text === null) throw Object.assign(new Error("permission denied"), { code: "EACCES" });
    return text;
  };

  readonly now = (): number => this.trueTimeMs() + this.#wallAheadMs;
  readonly monotonicMs = (): number => this.#elapsedMs;
  readonly after = (ms: number, action: () => void): (() => void) => {
    // Node takes what does not fit into 32 bits for 1 ms.
    const timer = { dueMs: this.#elapsedMs + (ms > 2 ** 31 - 1 ? 1 : Math.max(0, ms)), action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };
  readonly http = (): Promise<never> => Promise.reject(new Error("no network here"));
  readonly run = (): Promise<never> => Promise.reject(new Error("no programs here"));
  readonly azure = (): Promise<never> => Promise.reject(new Error("no Azure here"));

  /** The wall clock of everybody else: an issuer writes it into its tokens. */
  readonly trueTimeMs = (): number => START_MS + this.#elapsedMs;

  readonly jumpWallClock = (byMs: number): void => {
    this.#wallAheadMs += byMs;
  };

  readonly pendingTimers = (): number => this.#timers.size;

  /** Lets so much time pass: each timer goes off at its own moment, and what it causes happens before the next. */
  readonly advance = async (ms: number): Promise<void> => {
    const endMs = this.#elapsedMs + ms;
    await settled();
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      this.#timers.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
      next.action();
      await settled();
    }
    this.#elapsedMs = endMs;
  };

  #nextDue(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}

/** All that was promised and needs no time has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a strategy is handed in a test; `over` says what the test is about. */
export const surroundingsIn = (world: World, over: Partial<Surroundings> = {}): Surroundings => ({
  ...world,
  lookup: () => undefined,
  folder: "/",
  server: { name: "learn", url: "https://mcp.test/mcp", headers: {}, tls: {} },
  report: () => undefined,
  learn: () => undefined,
  ...over,
});
