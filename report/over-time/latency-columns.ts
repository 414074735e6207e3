/**
 * The times of a run's ok answers, by slot, for each server: sums of the log's own histograms, so that a percentile read from
 * a slot is that of all the calls in it.
 */

import type { LogLine, Series } from "../../record/latency-log.ts";
import type { LogQuestion } from "../../record/log-answers.ts";
import type { LogReader } from "../../record/log-walk.ts";
import { ownValue } from "../../record/own-value.ts";
import { awaitedKind, plannedServers } from "../../record/planned-starts.ts";
import type { RunFile } from "../../record/run-file.ts";
import { HANDSHAKES, serverOf } from "../../record/server-part.ts";
import { Times } from "../../record/times.ts";
import { epochSecond, slotsOf, type TimeSlots } from "./time-slots.ts";

/** Servers with slots of their own, those with most calls; each holds hundreds of histograms. */
const MOST_SERVERS = 12;
/** A time is taken back from the slot of the line that says so, or from one before it: the call ended earlier. */
const REACH_SLOTS = 10;

export interface ServerLatency {
  /** The time that its users wait for: under an arrival rate the response time. */
  readonly kind: "service" | "response";
  /** One for each slot, of its work alone: handshakes and ends of sessions are quick and would hide it. */
  readonly slots: readonly Times[];
}

export interface LatencyColumns {
  /** The server with most calls first. */
  readonly byServer: ReadonlyMap<string, ServerLatency>;
  /** All servers together, also those that have no slots of their own. */
  readonly all: readonly Times[];
}

class Columns implements LogReader {
  readonly #slots: TimeSlots;
  readonly #firstSecond: number;
  readonly #planned: ReadonlySet<string>;
  readonly #work: ReadonlySet<string>;
  readonly #own: readonly string[];
  readonly #byServer = new Map<string, Times[]>();
  readonly #others: Times[];

  constructor(file: RunFile, slots: TimeSlots) {
    this.#slots = slots;
    this.#firstSecond = epochSecond(file.startedAt);
    this.#planned = plannedServers(file);
    this.#work = workNames(file);
    this.#own = busiest(file, this.#work);
    this.#others = emptySlots(slots);
    for (const server of this.#own) this.#byServer.set(server, emptySlots(slots));
  }

  isWanted(series: Series): boolean {
    if ("half" in series || series.outcome !== "ok") return false;
    return this.#work.has(series.name) && series.kind === awaitedKind(series.name, this.#planned);
  }

  take({ series, startSecond, times }: LogLine): void {
    if ("half" in series) return;
    this.#slotsOf(series.name)[this.#slotOf(startSecond)]?.add(times);
  }

  takeBack({ series, startSecond, times }: LogLine): void {
    if ("half" in series) return;
    const slots = this.#slotsOf(series.name);
    const last = this.#slotOf(startSecond);
    for (const [us, count] of times.buckets()) {
      let left = count;
      for (let slot = last; slot >= Math.max(0, last - REACH_SLOTS) && left > 0; slot--) {
        while (left > 0 && slots[slot]?.remove(us)) left -= 1;
      }
    }
  }

  found(): LatencyColumns {
    const byServer = this.#own.map((server): [string, ServerLatency] => [
      server,
      { kind: this.#planned.has(server) ? "response" : "service", slots: this.#byServer.get(server) ?? [] },
    ]);
    const all = this.#others;
    for (const [, { slots }] of byServer) for (const [slot, times] of slots.entries()) all[slot]?.add(times);
    return { byServer: new Map(byServer), all };
  }

  #slotOf(second: number): number {
    return this.#slots.at(second - this.#firstSecond);
  }

  #slotsOf(name: string): Times[] {
    return this.#byServer.get(serverOf(name)) ?? this.#others;
  }
}

export const LATENCY_COLUMNS: LogQuestion<LatencyColumns> = ({ file }) => new Columns(file, slotsOf(file));

const emptySlots = ({ count }: TimeSlots): Times[] => Array.from({ length: count }, () => new Times());

const NOT_WORK = new Set([...HANDSHAKES, "session/delete"]);
const CALL = /^[^:]*:tools\/call(:|$)/;

/** Of each server its tool calls; where it has none, all that is no handshake and no end of a session. */
const workNames = ({ operations }: RunFile): ReadonlySet<string> => {
  const names = Object.keys(operations);
  const callers = new Set(names.filter((name) => CALL.test(name)).map(serverOf));
  return new Set(
    names.filter((name) => {
      const server = serverOf(name);
      return callers.has(server) ? CALL.test(name) : !NOT_WORK.has(name.slice(server.length + 1));
    }),
  );
};

const busiest = ({ operations }: RunFile, work: ReadonlySet<string>): string[] => {
  const calls = new Map<string, number>();
  for (const name of work) {
    const server = serverOf(name);
    calls.set(server, (calls.get(server) ?? 0) + (ownValue(operations, name)?.count ?? 0));
  }
  const sorted = [...calls].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.slice(0, MOST_SERVERS).map(([server]) => server);
};
