/** Which scopes a token is asked for, and how far a server may widen them while the run goes on. */

import { AuthError } from "../auth-error.ts";
import { insufficientScope, scopesIn } from "../discovery/challenge.ts";
import type { Refusal } from "../token.ts";

/** A server that wants one more each time is not followed for ever. */
const MOST_ADDED = 50;

export class WantedScopes {
  /** What the user wrote; undefined: what the server says. */
  readonly #fixed: string | undefined;
  readonly #place: string;
  #added: readonly string[] = [];
  #asked: readonly string[] = [];

  /** @param place the server, for errors */
  constructor(fixed: string | undefined, place: string) {
    this.#fixed = fixed;
    this.#place = place;
  }

  /**
   * Takes a refusal into account: scopes that a server misses in a token are asked for from now on, beside the others.
   * @throws {AuthError} AUTH_SCOPE when that cannot help: the user has fixed the scope, the server does not say which
   * one it misses, or the refused token was already asked for with it
   */
  widen(refusal: Refusal | null): void {
    const missing = insufficientScope(refusal?.challenge ?? null);
    if (missing === null) return;
    const refuse = (why: string): never => {
      throw new AuthError("AUTH_SCOPE", { place: this.#place, why });
    };
    const scopes = scopesIn(missing.scope ?? "");
    if (scopes.length === 0) refuse("insufficient_scope, without saying which");
    const shown = scopes.join(" ").slice(0, 200);
    if (this.#fixed !== undefined) refuse(`it wants scope ${shown}, loadtest.yaml fixes ${this.#fixed}`);
    const added = scopes.filter((scope) => !this.#asked.includes(scope));
    if (added.length === 0) refuse(`it wants scope ${shown}, which the token was asked for with`);
    if (this.#added.length + added.length > MOST_ADDED) refuse("it wants ever more scopes");
    this.#added = [...this.#added, ...added];
  }

  /** @param discovered what the server says of itself @returns the `scope` of a request, or null for none */
  ask(discovered: readonly string[]): string | null {
    this.#asked = this.#fixed === undefined ? [...new Set([...discovered, ...this.#added])] : scopesIn(this.#fixed);
    return this.#asked.length === 0 ? null : this.#asked.join(" ");
  }
}
