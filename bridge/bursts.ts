import type { BurstEvent } from "../record/facts/bursts.ts";
import type { Outcome } from "../record/reason.ts";
import { turnName } from "../record/section.ts";
import type { Operation } from "./operation.ts";
import { plain } from "./statistics-name.ts";

/**
 * Collects the calls that one user sent at once, until the last of them has ended. What they came to is the record's
 * business, in its own thread: here only stamps are put together.
 */

/** One call's place in a burst. */
export interface BurstPlace {
  /** Unique while the link lives. */
  readonly id: number;
  /** How many calls the burst has. */
  readonly of: number;
  /** The turn that it is part of; null outside of one. */
  readonly turn: string | null;
}

interface OpenBurst {
  ended: number;
  isAllOk: boolean;
  leastUnderWay: number;
  mostUnderWay: number;
  readonly spansMs: number[];
}

/** Far above the sessions of one bridge: only a program that never finishes its bursts gets here. The oldest is forgotten. */
const MOST_OPEN = 20_000;

export class Bursts {
  readonly #open = new Map<number, OpenBurst>();

  /** @returns the whole burst with its last call, else null */
  ended(operation: Operation, place: BurstPlace, server: string, outcome: Outcome): BurstEvent | null {
    const burst = this.#of(place.id);
    burst.ended += 1;
    burst.isAllOk &&= outcome === "ok";
    burst.leastUnderWay = Math.min(burst.leastUnderWay, operation.underWay);
    burst.mostUnderWay = Math.max(burst.mostUnderWay, operation.underWay);
    if (operation.sentMs > 0) burst.spansMs.push(operation.sentMs, operation.endMs || performance.now());
    if (burst.ended < place.of) return null;
    this.#open.delete(place.id);
    return {
      name: place.turn === null ? `${server}:parallel` : turnName(server, plain(place.turn)),
      calls: place.of,
      spansMs: burst.spansMs,
      // Its first call found the server without any other of ours, and none came between its calls.
      isAlone: burst.leastUnderWay === 1 && burst.mostUnderWay <= place.of,
      isAllOk: burst.isAllOk,
    };
  }

  #of(id: number): OpenBurst {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
    const fresh = { ended: 0, isAllOk: true, leastUnderWay: Number.POSITIVE_INFINITY, mostUnderWay: 0, spansMs: [] };
    this.#open.set(id, fresh);
    return fresh;
  }
}
