/** Which scopes a token is asked for, and how far a server may widen them while the run goes on. */

import { AuthError } from "../auth-error.ts";
import { insufficientScope, scopesIn } from "../discovery/challenge.ts";
import type { Refusal } from "../token.ts";

/** A server that wants one more each time is not followed for ever. */
const MOST_WANTED = 50;

/**
 * What a server misses is asked for once. It stays wanted only when a token came with it: what the issuer does not give
 * would otherwise make it refuse every later request, and with it the tokens that it gave before.
 */
export class WantedScopes {
  /** What the user wrote; undefined: what the server says. */
  readonly #fixed: string | undefined;
  readonly #place: string;
  #added: readonly string[] = [];
  readonly #denied = new Set<string>();
  /** Those of the last token. */
  #granted: readonly string[] = [];

  /** @param place the server, for errors */
  constructor(fixed: string | undefined, place: string) {
    this.#fixed = fixed;
    this.#place = place;
  }

  /**
   * @returns the scopes that the server misses in the token and that may be had; none when it is about something else
   * @throws {AuthError} AUTH_SCOPE when another token cannot help: the user has fixed the scope, the server does not say
   * which one it misses, the refused token was already asked for with it, or the issuer does not give it
   */
  missing(refusal: Refusal | null): readonly string[] {
    const missing = insufficientScope(refusal?.challenge ?? null);
    if (missing === null) return [];
    const scopes = scopesIn(missing.scope ?? "");
    if (scopes.length === 0) throw this.#unreachable("insufficient_scope, without saying which");
    const wish = `it wants scope ${shown(scopes)}`;
    if (this.#fixed !== undefined) throw this.#unreachable(`${wish}, loadtest.yaml fixes ${this.#fixed}`);
    const others = scopes.filter((scope) => !this.#granted.includes(scope));
    if (others.length === 0) throw this.#unreachable(`${wish}, which the token was asked for with`);
    const added = others.filter((scope) => !this.#denied.has(scope));
    if (added.length === 0) throw this.#unreachable(`${wish}, which the issuer does not give`);
    if (this.#added.length + this.#denied.size + added.length > MOST_WANTED) {
      throw this.#unreachable("it wants ever more scopes");
    }
    return added;
  }

  /**
   * @param discovered what the server says of itself
   * @param missing what it misses beside that
   * @returns the scopes of a request, perhaps none
   */
  ask(discovered: readonly string[], missing: readonly string[]): readonly string[] {
    return this.#fixed === undefined
      ? [...new Set([...discovered, ...this.#added, ...missing])]
      : scopesIn(this.#fixed);
  }

  /** A token came that was asked for so: from now on that is what is wanted. */
  granted(asked: readonly string[], missing: readonly string[]): void {
    this.#granted = asked;
    this.#added = [...new Set([...this.#added, ...missing])];
  }

  /**
   * The issuer does not give what was asked for. It is not asked for again, nor are, when nothing new was in the request,
   * those that servers have added before: an issuer may take back what it gave.
   * @returns what to tell whoever waits for the missing scopes; null when nothing new was in the request
   */
  denied(missing: readonly string[], status: number): AuthError | null {
    for (const scope of missing.length > 0 ? missing : this.#added) this.#denied.add(scope);
    this.#added = this.#added.filter((scope) => !this.#denied.has(scope));
    if (missing.length === 0) return null;
    return this.#unreachable(`it wants scope ${shown(missing)}, which the issuer does not give`, status);
  }

  #unreachable(why: string, status?: number): AuthError {
    return new AuthError("AUTH_SCOPE", { place: this.#place, why, ...(status === undefined ? {} : { status }) });
  }
}

const shown = (scopes: readonly string[]): string => scopes.join(" ").slice(0, 200);
