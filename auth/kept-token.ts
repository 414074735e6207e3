/**
 * Keeps one identity's token fit to be sent, for hours, with one way to get another. It does not know where tokens come
 * from, and reads no wall clock.
 */

import { AuthError } from "./auth-error.ts";
import type { Credential } from "./credential.ts";
import type { FetchGate } from "./fetch-gate.ts";
import { RefusalHold } from "./refusal-hold.ts";
import { pauseMs, renewAfterMs, renewalLimitMs } from "./renewal-plan.ts";
import type { Refusal, TokenSource } from "./token.ts";
import { type Fetched, fetchToken } from "./token-fetch.ts";
import type { Surroundings } from "./world.ts";

/** A token that nobody has asked for this long is not renewed. Longer than any think time, shorter than a night. */
const IDLE_MS = 10 * 60_000;

/** Between two tokens that are fetched because the last one ends, whatever lives an issuer gives. */
const SHORTEST_RENEWAL_MS = 1000;

interface Keeping {
  readonly source: TokenSource;
  readonly surroundings: Pick<Surroundings, "monotonicMs" | "after" | "learn" | "report">;
  /** Shared by all identities of a server. */
  readonly gate: FetchGate;
  /** Where in the spread of renewals this one has its place, from 0 to below 1 (`phaseOf`). */
  readonly phase: number;
  /** What notes call it: `the token`, `the token of identity 3`. */
  readonly name: string;
}

interface Flight {
  readonly wantedAtMs: number;
  /** Somebody's request stands still until it ends. */
  isAwaited: boolean;
  /** No token could satisfy the server that refused one: those who want any token have to ask anew. */
  isInVain: boolean;
  /** Never rejects: what came of it is in the keeper's state by then. */
  readonly ended: Promise<void>;
  /** The one promise that all waiting requests get. */
  header: Promise<string | null> | null;
}

/**
 * Asked for the first time, it fetches, and all who ask meanwhile get the same promise. From then on the header is there
 * at once: it is renewed in the background, and a timer (no look at a clock for each request) takes it away when its
 * life, counted from the moment it was asked for, has ended.
 *
 * Orders of events that it survives:
 * - requests while the first fetch, a renewal or a repair is under way: there is one flight, they join it or use what is there;
 * - a token that ends while its renewal is under way: requests wait for that renewal, none begins another;
 * - a renewal that hangs: it is given up in time for another before the old token's end;
 * - a token that ends as soon as it comes: the next is asked for a second after it, however many wait;
 * - a renewal that fails: the old token serves to its end, the next try comes after a pause; then requests cause a fetch
 *   each pause, and get the last error at once in between, so that a dead issuer is not stormed;
 * - an answer that comes after its limit: taken if no later fetch has brought a token and nobody has refused that one;
 *   otherwise dropped. It ends no flight and starts none;
 * - a refusal that no token can satisfy (its scope is not to be had): told, and nothing else changes;
 * - a refusal of a token that is no longer the current one: nothing to do but to try again;
 * - a thousand refusals of the current token: one fetch; a refusal during a renewal waits for that renewal;
 * - a new token that is refused too: no other for 5 s and longer (`RefusalHold`);
 * - a source that brings the refused token again, or fails: it stays, for those whom the server does accept;
 * - a long silence: the token lapses; the first request of a new wave renews it, or waits if it has ended;
 * - `close` before any of these: no timer starts any more, what is under way ends.
 */
export class KeptToken implements Credential {
  readonly #keeping: Keeping;
  readonly #hold = new RefusalHold();

  /** `undefined`: there is none that may be sent. */
  #header: string | null | undefined;
  /** Number of the flight that brought it. */
  #broughtBy = 0;
  #endsAtMs = Number.POSITIVE_INFINITY;
  #renewAtMs = Number.POSITIVE_INFINITY;
  #refused: string | null | undefined;
  /** The next fetch without a refusal, at the earliest. */
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #isShortLifeSaid = false;

  #flights = 0;
  #flight: Flight | null = null;
  #failure: AuthError | null = null;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #failingSinceMs: number | null = null;
  /** The token has ended while its renewal was under way. */
  #hasEndedUntold = false;

  /** Nobody has asked since the last renewal began. The only thing that each request writes. */
  #isIdle = true;
  #usedAtMs = Number.NEGATIVE_INFINITY;
  #hasLapsed = false;

  #isClosed = false;
  #cancelRenewal = (): void => undefined;
  #cancelEnd = (): void => undefined;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
  }

  authorization(): string | null | Promise<string | null> {
    if (this.#isIdle) this.#wake();
    return this.#header === undefined ? this.#obtain() : this.#header;
  }

  rejected(refused: string | null, challenge: string | null): boolean | Promise<boolean> {
    if (this.#isOther(refused)) return true;
    const flight = this.#flight ?? this.#repair(refused, challenge);
    if (flight === null) return false;
    flight.isAwaited = true;
    return flight.ended.then(() => this.#isOther(refused));
  }

  accepted(header: string | null): void {
    // One that has been replaced since says nothing about its successor.
    if (header === this.#header) this.#hold.served();
  }

  waitedMs(): number | null {
    return this.#flight?.isAwaited ? this.#nowMs() - this.#flight.wantedAtMs : null;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRenewal();
    this.#cancelEnd();
    this.#keeping.source.close?.();
  }

  #isOther(refused: string | null): boolean {
    return this.#header !== undefined && this.#header !== refused;
  }

  #obtain(): Promise<string | null> {
    if (this.#flight === null && this.#failure !== null && this.#nowMs() < this.#notBeforeMs) throw this.#failure;
    const flight = this.#flight ?? this.#begin(null);
    flight.isAwaited = true;
    flight.header ??= flight.ended.then(() => {
      if (this.#header !== undefined) return this.#header;
      if (flight.isInVain) return this.#obtain();
      // The flight that ended left either a token or its error; the token may have ended within this very moment.
      throw this.#failure ?? new AuthError("AUTH_EXPIRED");
    });
    return flight.header;
  }

  #repair(refused: string | null, challenge: string | null): Flight | null {
    const nowMs = this.#nowMs();
    const isCurrent = this.#header !== undefined;
    if (nowMs < this.#notBeforeMs || (isCurrent && !this.#hold.admits(challenge, nowMs))) return null;
    this.#refused = refused;
    this.#hold.arm(challenge, nowMs);
    return this.#begin({ token: refused?.replace(/^Bearer /, "") ?? null, challenge });
  }

  #begin(refusal: Refusal | null): Flight {
    const { source, surroundings, gate } = this.#keeping;
    this.#cancelRenewal();
    const wantedAtMs = this.#nowMs();
    const number = ++this.#flights;
    const isRepair = refusal !== null;
    const isRenewal = !isRepair && this.#header !== undefined;
    const mostMs = isRenewal ? renewalLimitMs(this.#endsAtMs - wantedAtMs) : Number.POSITIVE_INFINITY;
    const onLate = (fetched: Fetched) => this.#takeLate(fetched, number, isRepair);
    const fetch = () => gate.through(() => fetchToken({ source, refusal, surroundings, mostMs, onLate }));
    const tooEarlyMs = isRepair ? 0 : this.#nextAtMs - wantedAtMs;
    const fetched = tooEarlyMs > 0 ? this.#pause(tooEarlyMs).then(fetch) : fetch();
    const end = (failure: AuthError | null): void => {
      this.#flight = null;
      const tookMs = this.#nowMs() - wantedAtMs;
      surroundings.report({ what: flight.isAwaited ? "token" : "renewal", tookMs, failure });
    };
    const flight: Flight = {
      wantedAtMs,
      isAwaited: false,
      isInVain: false,
      header: null,
      ended: fetched.then(
        (token) => {
          // Where no credential is needed, nothing was fetched.
          if (token.header === null) this.#flight = null;
          else end(null);
          this.#take(token, number, isRepair);
        },
        (error: AuthError) => {
          flight.isInVain = isRepair && error.code === "AUTH_SCOPE";
          const wasAsked = !flight.isInVain || error.detail.status !== undefined;
          if (wasAsked) end(error);
          else this.#flight = null;
          if (flight.isInVain) this.#giveUp(error, wasAsked);
          else this.#fail(error);
        },
      ),
    };
    this.#flight = flight;
    return flight;
  }

  #take(fetched: Fetched, number: number, isRepair: boolean): void {
    const { askedAtMs, livesMs, isGuess } = fetched;
    const nowMs = this.#nowMs();
    if (!isRepair && fetched.header !== this.#header) this.#hold.lift(nowMs);
    this.#header = fetched.header;
    this.#broughtBy = number;
    this.#failure = null;
    this.#failures = 0;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
    this.#hasEndedUntold = false;
    this.#endsAtMs = livesMs === null || isGuess ? Number.POSITIVE_INFINITY : askedAtMs + livesMs;
    this.#renewAtMs =
      livesMs === null
        ? Number.POSITIVE_INFINITY
        : Math.max(askedAtMs + renewAfterMs(livesMs, this.#keeping.phase), nowMs + SHORTEST_RENEWAL_MS);
    this.#nextAtMs = askedAtMs + SHORTEST_RENEWAL_MS;
    if (!this.#isShortLifeSaid && this.#endsAtMs < this.#nextAtMs) {
      this.#isShortLifeSaid = true;
      this.#note("lives less than a second: another is asked for once a second, and calls wait for it");
    }
    this.#planEnd();
    this.#planRenewal(this.#renewAtMs);
    if (this.#failingSinceMs !== null) {
      this.#note(`could be renewed again, after ${seconds(nowMs - this.#failingSinceMs)}`);
      this.#failingSinceMs = null;
    }
  }

  #takeLate(fetched: Fetched, number: number, isRepair: boolean): void {
    const isNewest = number > this.#broughtBy && fetched.header !== this.#refused;
    if (isNewest) this.#take(fetched, number, isRepair);
  }

  #fail(error: AuthError): void {
    const nowMs = this.#nowMs();
    this.#failure = error;
    this.#failures += 1;
    const hasEnd = this.#header !== undefined && Number.isFinite(this.#endsAtMs);
    const leftMs = hasEnd ? Math.max(0, this.#endsAtMs - nowMs) : null;
    this.#notBeforeMs = nowMs + pauseMs({ failures: this.#failures, leftMs, askedMs: error.detail.retryAfterMs });
    if (this.#header === undefined) {
      if (this.#hasEndedUntold) this.#tellEnd(error);
      return;
    }
    if (Number.isFinite(this.#renewAtMs)) this.#planRenewal(Math.max(this.#renewAtMs, this.#notBeforeMs));
    if (this.#failingSinceMs !== null) return;
    this.#failingSinceMs = nowMs;
    const serves = leftMs !== null ? `serves for another ${seconds(leftMs)}` : "serves until a server refuses it";
    this.#note(`could not be renewed: ${error.sentence}; the old token ${serves}`);
  }

  /** @param wasAsked false: it was known without asking, so the next refusal is worth a fetch at once */
  #giveUp(error: AuthError, wasAsked: boolean): void {
    if (!wasAsked) this.#hold.lift(this.#nowMs());
    if (this.#header !== undefined) this.#planRenewal(Math.max(this.#renewAtMs, this.#notBeforeMs));
    this.#note(`was refused, and no other is asked for: ${error.sentence}`);
  }

  #tellEnd(failure: AuthError): void {
    this.#hasEndedUntold = false;
    this.#failingSinceMs ??= this.#endsAtMs;
    this.#note(`has expired and could not be renewed: ${failure.sentence}`);
  }

  #planEnd(): void {
    this.#cancelEnd();
    this.#cancelEnd = this.#timer(this.#endsAtMs, () => {
      this.#header = undefined;
      this.#cancelRenewal();
      if (this.#failure !== null) this.#tellEnd(this.#failure);
      else this.#hasEndedUntold = this.#flight !== null;
    });
  }

  #planRenewal(atMs: number): void {
    this.#cancelRenewal();
    this.#cancelRenewal = this.#timer(atMs, () => this.#renew());
  }

  #renew(): void {
    const nowMs = this.#nowMs();
    if (!this.#isIdle) this.#usedAtMs = nowMs;
    this.#isIdle = true;
    this.#hasLapsed = nowMs - this.#usedAtMs > IDLE_MS;
    if (!this.#hasLapsed && this.#flight === null) this.#begin(null);
  }

  #wake(): void {
    this.#isIdle = false;
    if (!this.#hasLapsed) return;
    this.#hasLapsed = false;
    if (this.#flight === null) this.#planRenewal(Math.max(this.#nowMs(), this.#notBeforeMs));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#keeping.surroundings.after(ms, resolve));
  }

  /** @returns cancels it; a moment that never comes needs no timer */
  #timer(atMs: number, action: () => void): () => void {
    if (this.#isClosed || !Number.isFinite(atMs)) return () => undefined;
    return this.#keeping.surroundings.after(atMs - this.#nowMs(), action);
  }

  #note(text: string): void {
    this.#keeping.surroundings.report({ what: "note", text: `${this.#keeping.name} ${text}` });
  }

  #nowMs(): number {
    return this.#keeping.surroundings.monotonicMs();
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
