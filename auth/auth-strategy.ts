/** What every way to a credential offers, and what it is handed. A strategy does no I/O of its own and writes no log. */

import type { Lookup } from "../config/environment.ts";

/** What a strategy may use of the machine. Tests hand in their own. */
export interface World {
  /** The text of a small file. Throws the file system's error, `ENOENT` when it is not there. */
  readonly readFile: (path: string) => string;
  /** Wall clock in milliseconds, the clock in which issuers give the end of a token. */
  readonly now: () => number;
}

export interface Surroundings extends World {
  /** The environment and `.env`, where the named secrets are. */
  readonly lookup: Lookup;
}

/** The credential of one server, shared by all its users in this process. */
export interface AuthStrategy {
  /**
   * The value of the `authorization` header, or null to send none. Asked for before every HTTP request, so what is
   * known answers at once (no promise); while a token is being fetched all callers get the same promise.
   * @throws {AuthError} (or rejects) when there is no credential: the request is not sent, its reason is `auth`
   */
  authorization(): string | null | Promise<string | null>;
  /**
   * The server answered 401 to a request that carried `refused`. Renews the credential if that makes sense: once,
   * however many users report the same refusal.
   * @param challenge the answer's `www-authenticate` header, or null
   * @returns true when `authorization()` now gives something else, so that one more try is worth it
   */
  rejected(refused: string | null, challenge: string | null): boolean | Promise<boolean>;
}

/** One row of the table of strategies. `Config` is its part of config's `AuthSettings`. */
export interface StrategyKind<Config> {
  create(config: Config, surroundings: Surroundings): AuthStrategy;
  /**
   * Name of the variable or file that a server cannot be tested without and that is not there, else null. Quick, without
   * network: it decides before the run whether the server takes part.
   */
  missing(config: Config, surroundings: Surroundings): string | null;
}
