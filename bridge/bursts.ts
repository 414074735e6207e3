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
  /** Under way at its server when it began. */
  readonly before: readonly Operation[];
  readonly spansMs: number[];
  ended: number;
  isAllOk: boolean;
}

/** Far above the sessions of one bridge: only a program that never finishes its bursts gets here. The oldest is forgotten. */
const MOST_OPEN = 20_000;

export class Bursts {
  readonly #open = new Map<number, OpenBurst>();

  /** @param underWay what its server has to do already; asked for with the first call of a burst */
  began({ id }: BurstPlace, underWay: () => readonly Operation[]): void {
    if (!this.#open.has(id)) this.#add(id, underWay());
  }

  /** @returns the whole burst with its last call, else null */
  ended(operation: Operation, { id, of, turn }: BurstPlace, server: string, outcome: Outcome): BurstEvent | null {
    // One whose session was lost before has no beginning.
    const burst = this.#open.get(id) ?? this.#add(id, []);
    burst.ended += 1;
    burst.isAllOk &&= outcome === "ok";
    if (operation.sentMs > 0) burst.spansMs.push(operation.sentMs, operation.endMs || performance.now());
    if (burst.ended < of) return null;
    this.#open.delete(id);
    return {
      name: turn === null ? `${server}:parallel` : turnName(server, plain(turn)),
      calls: of,
      spansMs: burst.spansMs,
      // What has not ended by now ends later than all of the burst.
      beforeMs: burst.before.flatMap(({ sentMs, endMs }) => (sentMs > 0 ? [sentMs, endMs || performance.now()] : [])),
      isAllOk: burst.isAllOk,
    };
  }

  #add(id: number, before: readonly Operation[]): OpenBurst {
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
    const fresh = { before, spansMs: [], ended: 0, isAllOk: true };
    this.#open.set(id, fresh);
    return fresh;
  }
}
