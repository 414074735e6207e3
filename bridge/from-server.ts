import type { FromServerEvent, FromServerKind } from "../record/facts/from-server.ts";

/** Counts what one server tells and asks, and gives it out now and then: a flood costs a number, not a message each. */

const KINDS: ReadonlyMap<string, FromServerKind> = new Map([
  ["notifications/resources/updated", "resource-updated"],
  ["notifications/resources/list_changed", "resources-changed"],
  ["notifications/tools/list_changed", "tools-changed"],
  ["notifications/prompts/list_changed", "prompts-changed"],
  ["notifications/progress", "progress"],
  ["notifications/cancelled", "cancelled"],
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
  ["ping", "ping"],
]);

const LOG = "notifications/message";
const LOG_KINDS: ReadonlyMap<unknown, FromServerKind> = new Map([
  ["debug", "log-debug"],
  ["info", "log-info"],
  ["notice", "log-notice"],
  ["warning", "log-warning"],
  ["error", "log-error"],
  ["critical", "log-critical"],
  ["alert", "log-alert"],
  ["emergency", "log-emergency"],
]);

/** Times of answers that are kept between two takings. */
const MOST_TIMES = 1_000;

export class FromServer {
  readonly #server: string;
  #counts: Partial<Record<FromServerKind, number>> = {};
  #answeredMs: number[] = [];
  #unanswered = 0;
  #hasNews = false;

  constructor(server: string) {
    this.#server = server;
  }

  /** A notification, or a request. */
  heard(method: string, params: unknown): void {
    const kind =
      method === LOG ? LOG_KINDS.get((params as { level?: unknown } | null | undefined)?.level) : KINDS.get(method);
    const counted = kind ?? "other";
    this.#counts[counted] = (this.#counts[counted] ?? 0) + 1;
    this.#hasNews = true;
  }

  /** @param tookMs from the request to our answer being handed to the socket */
  answered(tookMs: number): void {
    if (this.#answeredMs.length < MOST_TIMES) this.#answeredMs.push(tookMs);
    this.#hasNews = true;
  }

  /** A request that gets no answer, since too many answers are on their way. */
  leftUnanswered(): void {
    this.#unanswered += 1;
    this.#hasNews = true;
  }

  /** What came since it was last asked; null for nothing. */
  take(): FromServerEvent | null {
    if (!this.#hasNews) return null;
    const event = {
      server: this.#server,
      counts: this.#counts,
      answeredMs: this.#answeredMs,
      unanswered: this.#unanswered,
    };
    this.#counts = {};
    this.#answeredMs = [];
    this.#unanswered = 0;
    this.#hasNews = false;
    return event;
  }
}
