import type { VersionNegotiationMode } from "@modelcontextprotocol/client";
import type { Revision } from "../../config/settings.ts";

export type Era = "session" | "stateless";

const STATELESS_REVISION = "2026-07-28" satisfies Revision;

/**
 * Which era a server speaks, found out once: the first session probes, those that open meanwhile wait for what it
 * finds, later ones know. When the first one fails nothing is known and each probes for itself, so that a server that
 * is down is not asked one session after the other.
 */
export class EraKnowledge {
  /** The only revisions that are offered; null for all that the SDK has. */
  readonly pinned: Revision | null;
  #era: Era | null;
  #finding: Promise<void> | null = null;

  /** @param isSessionOnly its transport has no other era */
  constructor(protocol: "auto" | Revision, isSessionOnly = false) {
    this.pinned = protocol === "auto" ? null : protocol;
    if (this.pinned !== null) this.#era = this.pinned === STATELESS_REVISION ? "stateless" : "session";
    else this.#era = isSessionOnly ? "session" : null;
  }

  get known(): Era | null {
    return this.#era;
  }

  /** How the next session is to find a common revision. */
  get negotiation(): VersionNegotiationMode {
    if (this.#era === null) return "auto";
    return this.#era === "session" ? "legacy" : { pin: STATELESS_REVISION };
  }

  /** Runs a handshake; `connect` says which era it ended in. */
  async through(connect: () => Promise<Era>): Promise<void> {
    if (this.#era === null && this.#finding !== null) await this.#finding;
    const handshake = connect().then((era) => {
      this.#era ??= era;
    });
    if (this.#era === null && this.#finding === null) {
      this.#finding = handshake.catch(() => {
        // The handshake's own session reports it.
      });
    }
    await handshake;
  }
}
