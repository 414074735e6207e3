import { AuthError } from "./auth-error.ts";
import type { World } from "./world.ts";

/**
 * The longest wait in line while nothing is fetched. A user's calls stand still meanwhile and no other limit runs, so with
 * thousands of identities and an issuer that hangs the line itself must not become a wait without end. An issuer that is
 * merely slow gives 10,000 identities their tokens one after the other: whoever stands in that line is not late.
 */
const LONGEST_STANDSTILL_MS = 60_000;

interface Place {
  readonly enter: () => void;
  readonly reject: (error: AuthError) => void;
}

/** Lets a few fetches run at the same time; the others wait in line, first come, first served. */
export class FetchGate {
  readonly #most: number;
  readonly #after: World["after"];
  readonly #waiting: Place[] = [];
  #running = 0;
  #cancelStandstill = (): void => undefined;

  constructor(most: number, after: World["after"]) {
    this.#most = most;
    this.#after = after;
  }

  /**
   * Starts the task at once when there is room, in this very call.
   * @returns what the task does; rejects with AUTH_UNREACHABLE when it waits and no other task succeeds for a minute
   */
  async through<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#most) await this.#turn();
    else this.#running += 1;
    try {
      const result = await task();
      if (this.#waiting.length > 0) this.#watch();
      return result;
    } finally {
      // Whoever is next takes the place over, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next.enter();
      if (this.#waiting.length === 0) this.#cancelStandstill();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length === 0) this.#watch();
    return new Promise((enter, reject) => this.#waiting.push({ enter, reject }));
  }

  #watch(): void {
    this.#cancelStandstill();
    this.#cancelStandstill = this.#after(LONGEST_STANDSTILL_MS, () => {
      const why = `${LONGEST_STANDSTILL_MS / 1000} s in line behind other identities, and none got a token`;
      for (const { reject } of this.#waiting.splice(0)) reject(new AuthError("AUTH_UNREACHABLE", { why }));
    });
  }
}
