import type { ServerSettings } from "../config/settings.ts";
import { targetClass } from "../config/target-class.ts";
import type { Share } from "./link/messages.ts";

/**
 * Other people's servers: a target that is neither loopback nor private is held to gentle limits until its owner's
 * consent stands in `allow:`. The limits hold for the whole run; each bridge of a run enforces its share.
 */

/** R113: the load of the reference run, which the hosted servers are known to bear. */
export const GENTLE = { users: 17, callsPerSecond: 3 } as const;

/** How long a user that found no free place is told to wait before it asks again. */
const RETRY_MS = 5_000;

interface Limits {
  readonly users: number;
  readonly callsPerSecond: number;
}

export class Guard {
  readonly #limits: Limits | null;
  readonly #note: (text: string) => void;
  #share: Share = { index: 0, of: 1 };
  #sessions = 0;
  #nextCallMs = 0;
  #hasSpoken = false;

  constructor(server: ServerSettings, note: (text: string) => void) {
    const isOurs = targetClass(server.url) !== "public";
    this.#limits = server.allow ?? (isOurs ? null : GENTLE);
    this.#note = (text) => note(`${server.name}: ${text}`);
  }

  /** This bridge is one of several: the run's limits are divided so that the shares add up exactly. */
  divide(share: Share): void {
    this.#share = share;
  }

  /** @returns 0 when the session may open, else ms to wait before asking again. Pair each 0 with one `release`. */
  admit(): number {
    if (this.#limits !== null && this.#sessions >= partOf(this.#limits.users, this.#share)) {
      this.#speak();
      return RETRY_MS;
    }
    this.#sessions += 1;
    return 0;
  }

  release(): void {
    this.#sessions -= 1;
  }

  /** @returns ms for which a call that wants to start now has to wait: calls leave evenly spaced, never in bursts. */
  callDelayMs(nowMs: number): number {
    if (this.#limits === null) return 0;
    const startMs = Math.max(nowMs, this.#nextCallMs);
    this.#nextCallMs = startMs + this.#spacingMs(this.#limits);
    if (startMs > nowMs) this.#speak();
    return startMs - nowMs;
  }

  /** Further requests that an operation made beside its first: the next calls wait for them. */
  spend(requests: number): void {
    if (this.#limits !== null && requests > 0) this.#nextCallMs += requests * this.#spacingMs(this.#limits);
  }

  #spacingMs({ callsPerSecond }: Limits): number {
    return (1000 * this.#share.of) / callsPerSecond;
  }

  #speak(): void {
    if (this.#hasSpoken || this.#limits === null) return;
    this.#hasSpoken = true;
    const { users, callsPerSecond } = this.#limits;
    this.#note(
      `held to ${users} users and ${callsPerSecond} calls a second in all; more needs its owner's consent: ` +
        "allow: {users, callsPerSecond} in loadtest.yaml",
    );
  }
}

/** The `index`-th of `of` nearly equal parts of a whole; all parts add up to it. */
export const partOf = (whole: number, share: Share): number =>
  Math.floor((whole * (share.index + 1)) / share.of) - Math.floor((whole * share.index) / share.of);
