/** One audience's token for the clients of a plane: kept, renewed ahead of its end, asked for once however many want it. */

import type { Azure } from "../../auth/azure/azure.ts";
import type { AzureCredentialSettings } from "../../auth/azure/credential-schema.ts";
import type { Token } from "../../auth/token.ts";

/** Ahead of the end, or half of a shorter life: a request that is under way must not outlive its token. */
const RENEWAL_AHEAD_MS = 120_000;
/** After a renewal that failed while the old token still serves. */
const NEXT_RENEWAL_MS = 30_000;
/** Nobody said how long it lives; a refusal renews it sooner. */
const UNKNOWN_LIFE_MS = 10 * 60_000;

interface Kept {
  readonly value: string;
  readonly endsAtMs: number;
  renewAtMs: number;
}

interface Source {
  readonly azure: Pick<Azure, "token">;
  readonly credential: AzureCredentialSettings;
  readonly scope: string;
  /** Monotonic ms. */
  readonly nowMs: () => number;
}

/** A TokenCredential of the official libraries. */
export class PlaneCredential {
  readonly #source: Source;
  #kept: Kept | null = null;
  #flight: Promise<Kept> | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * Says of each token that it ends at once, so that the library asks for every request: its own renewal runs in the
   * background, and one that fails there is a rejection that nobody handles, which ends the process.
   * @param options `claims`: the service wants a token that is newer than the one it was shown
   * @throws {AuthError} (rejects) as `Azure.token`
   */
  async getToken(_scopes?: string | string[], options: { readonly claims?: string } = {}) {
    if (options.claims !== undefined) this.forget();
    return { token: (await this.#current()).value, expiresOnTimestamp: Date.now() };
  }

  /** The service has refused the token: the next request gets another. */
  forget(): void {
    this.#kept = null;
  }

  async #current(): Promise<Kept> {
    const kept = this.#kept;
    if (kept !== null && this.#source.nowMs() < kept.renewAtMs) return kept;
    try {
      return await this.#fetchOnce();
    } catch (error) {
      const nowMs = this.#source.nowMs();
      if (kept === null || nowMs >= kept.endsAtMs) throw error;
      kept.renewAtMs = nowMs + NEXT_RENEWAL_MS;
      return kept;
    }
  }

  #fetchOnce(): Promise<Kept> {
    this.#flight ??= this.#fetch().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  async #fetch(): Promise<Kept> {
    const { azure, credential, scope, nowMs } = this.#source;
    const askedMs = nowMs();
    this.#kept = keptOf(await azure.token(credential, scope), askedMs);
    return this.#kept;
  }
}

const keptOf = ({ value, livesMs }: Token, askedMs: number): Kept => {
  const lifeMs = livesMs ?? UNKNOWN_LIFE_MS;
  const endsAtMs = askedMs + lifeMs;
  return { value, endsAtMs, renewAtMs: endsAtMs - Math.min(RENEWAL_AHEAD_MS, lifeMs / 2) };
};
