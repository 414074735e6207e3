import type { Sample } from "../record/sample.ts";
import type { McpSession } from "./mcp-session.ts";
import type { Operation } from "./operation.ts";
import type { ServerLane } from "./server-lane.ts";

/** Calls that one user's greenlets may have beside each other and judge afterwards, in any order. */
const MOST_GOOD = 16;

/**
 * One user's place in the bridge, by the number that Python gave it: its MCP session, the operations it has under way,
 * and its last ended calls, which a failed `expect` may still turn into a failure. All its state is here, so that
 * memory follows the number of users and nothing else.
 */
export class UserSession {
  readonly number: number;
  readonly lane: ServerLane;
  readonly mcp: McpSession;
  /** True from the moment its user asked for the end. */
  isClosing = false;
  /** True when it is out of the bridge and holds none of the guard's places any more. */
  isForgotten = false;
  readonly #underWay = new Map<Operation, Promise<unknown>>();
  /** The last calls that ended well, by id: only these can still be judged. More than one, for calls in parallel. */
  readonly #good = new Map<number, Sample>();
  #mostGood = MOST_GOOD;

  constructor(number: number, lane: ServerLane, mcp: McpSession) {
    this.number = number;
    this.lane = lane;
    this.mcp = mcp;
  }

  get operationsUnderWay(): ReadonlySet<Operation> {
    return new Set(this.#underWay.keys());
  }

  /**
   * Remembers a call that ended well, as long as the user may judge it.
   * @param together how many calls it was sent at once with, itself included: all of them may be judged when the last has ended
   */
  keepGood(id: number, sample: Sample, together = 0): void {
    if (together > this.#mostGood) this.#mostGood = together;
    this.#good.set(id, sample);
    const [oldest] = this.#good.keys();
    if (this.#good.size > this.#mostGood && oldest !== undefined) this.#good.delete(oldest);
  }

  /** @returns the sample of a call that ended well, once; null when it did not, or too many have ended since */
  takeGood(id: number): Sample | null {
    const sample = this.#good.get(id) ?? null;
    this.#good.delete(id);
    return sample;
  }

  /** The operation is under way until `ended` is called for it. */
  began(operation: Operation, work: Promise<unknown>): void {
    this.#underWay.set(operation, work);
  }

  ended(operation: Operation): void {
    this.#underWay.delete(operation);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.values());
  }
}
