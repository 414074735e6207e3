/** A server that is looked at again and again: what its first look refuses is a mistake of who typed; later it is a failed probe. */

import type { Probe } from "../../capacity/probe/probe.ts";
import { CommandError } from "../command-error.ts";
import type { KeptHistory } from "./kept-history.ts";
import { MAY_WRITE, probeOnce, type Sessions, type ToolCall } from "./one-probe.ts";

export interface Watched {
  readonly server: string;
  readonly call: ToolCall | null;
  readonly sessions: Sessions;
  readonly history: KeptHistory;
}

/** What the summary at the end is of, at most: more than a month of a probe a minute. The history has them all. */
const MOST_SUMMED_UP = 50_000;
/** Sessions that make a process warm: after so many a handshake costs it what all later ones do. docs/probe.md. */
const WARM_UP = 3;

export class WatchedServer {
  readonly server: string;
  readonly probes: Probe[] = [];
  readonly #watched: Watched;

  constructor(watched: Watched) {
    this.server = watched.server;
    this.#watched = watched;
  }

  /**
   * @returns the probe, and what kept it from being written; null when the end came first: of such a probe nothing is known
   * @throws {CommandError} at the first look: for a tool that may write, and a history that cannot be written
   */
  async look(signal: AbortSignal): Promise<{ readonly probe: Probe; readonly unwritten: string | null } | null> {
    const { server, call, history } = this.#watched;
    const isFirst = this.probes.length === 0;
    const probe = (isFirst ? await this.#warmUp(signal) : null) ?? (await this.#probe(call));
    if (signal.aborted) return null;
    if (isFirst && probe.reason === MAY_WRITE) {
      throw new CommandError(
        `the tool ${call?.tool} of ${server} does not say that it only reads (readOnlyHint): take another, or add --may-write`,
      );
    }
    this.probes.push(probe);
    if (this.probes.length > MOST_SUMMED_UP) this.probes.shift();
    return { probe, unwritten: history.keep(probe) };
  }

  /** The first handshakes of a process are its own loading, and none of the server's. @returns a failure, which counts */
  async #warmUp(signal: AbortSignal): Promise<Probe | null> {
    for (let session = 0; session < WARM_UP && !signal.aborted; session++) {
      const probe = await this.#probe(null);
      if (!probe.isOk) return probe;
    }
    return null;
  }

  #probe(call: ToolCall | null): Promise<Probe> {
    return probeOnce(this.#watched.sessions, { server: this.server, call, atMs: Date.now() });
  }
}
