/**
 * What one demo server received, exactly: counted when a message arrives, before any delay, so that an operation whose
 * client goes away is counted too. A run record has to agree with these figures.
 */

export interface Counts {
  /** HTTP requests to the MCP path by method, refused ones included. */
  readonly http: Readonly<Record<string, number>>;
  /** Messages that passed the checks, by name: `initialize`, `notifications/initialized`, `tools/call:search_code`. */
  readonly messages: Readonly<Record<string, number>>;
  /** HTTP requests that were refused, by reason. */
  readonly refused: Readonly<Record<Refusal, number>>;
  /** HTTP requests whose client went away before the answer was complete (GET streams apart, which always end so). */
  readonly aborted: number;
  readonly sessions: {
    readonly opened: number;
    /** Ended by DELETE. */
    readonly deleted: number;
    /** Ended by the server: idle for too long, or the oldest of too many. */
    readonly expired: number;
    /** Open now; a reset leaves it as it is. */
    readonly open: number;
  };
}

export type Refusal = "unauthorized" | "unknownSession" | "noSession" | "badBody";

/** Names come from the wire: past this many distinct ones, the rest is counted as `(other)`. */
const MAX_NAMES = 200;

export class Counter {
  #http = new Map<string, number>();
  #messages = new Map<string, number>();
  #refused = noRefusals();
  #aborted = 0;
  #opened = 0;
  #deleted = 0;
  #expired = 0;
  #open = 0;

  httpRequest(method: string): void {
    add(this.#http, method);
  }

  message(name: string): void {
    add(this.#messages, name);
  }

  refused(reason: Refusal): void {
    this.#refused[reason]++;
  }

  aborted(): void {
    this.#aborted++;
  }

  sessionOpened(): void {
    this.#opened++;
    this.#open++;
  }

  sessionEnded(how: "deleted" | "expired"): void {
    if (how === "deleted") this.#deleted++;
    else this.#expired++;
    this.#open--;
  }

  snapshot(): Counts {
    return {
      http: Object.fromEntries(this.#http),
      messages: Object.fromEntries(this.#messages),
      refused: { ...this.#refused },
      aborted: this.#aborted,
      sessions: { opened: this.#opened, deleted: this.#deleted, expired: this.#expired, open: this.#open },
    };
  }

  reset(): void {
    this.#http.clear();
    this.#messages.clear();
    this.#refused = noRefusals();
    this.#aborted = this.#opened = this.#deleted = this.#expired = 0;
  }
}

const noRefusals = (): Record<Refusal, number> => ({ unauthorized: 0, unknownSession: 0, noSession: 0, badBody: 0 });

function add(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MAX_NAMES ? name : "(other)";
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
