import { AuthError } from "./auth-error.ts";
import type { World } from "./world.ts";

/**
 * The longest wait in line. A user's calls stand still meanwhile and no other limit runs, so with thousands of identities
 * and an issuer that hangs the line itself must not become a wait without end.
 */
const LONGEST_WAIT_MS = 60_000;

/** Lets a few fetches run at the same time; the others wait in line, first come, first served. */
export class FetchGate {
  readonly #most: number;
  readonly #after: World["after"];
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, after: World["after"]) {
    this.#most = most;
    this.#after = after;
  }

  /**
   * Starts the task at once when there is room, in this very call.
   * @returns what the task does; rejects with AUTH_UNREACHABLE when its turn does not come within a minute
   */
  async through<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#most) await this.#turn();
    else this.#running += 1;
    try {
      return await task();
    } finally {
      // Whoever is next takes the place over, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.#after(LONGEST_WAIT_MS, () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(
          new AuthError("AUTH_UNREACHABLE", { why: `${LONGEST_WAIT_MS / 1000} s in line behind other identities` }),
        );
      });
      this.#waiting.push(enter);
    });
  }
}
