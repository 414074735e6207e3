/** The credential as the bridge knows it: a header's value now, and what to do when a server refuses it. */

/** The credential of one user, or of all users of a server. */
export interface Credential {
  /**
   * The value of the `authorization` header, or null to send none. Asked for before every HTTP request, so what is
   * known answers at once (no promise); while a token is being fetched all callers get the same promise.
   * @throws {AuthError} (or rejects) when there is no credential: the request is not sent, its reason is `auth`
   */
  authorization(): string | null | Promise<string | null>;
  /**
   * The server answered 401 (or 403 `insufficient_scope`) to a request that carried `refused`. Renews the credential if
   * that makes sense: once, however many users report the same refusal.
   * @param refused the header's value, or null when none was sent
   * @param challenge the answer's `www-authenticate` header, or null
   * @returns true when `authorization()` now gives something else, so that one more try is worth it. Never rejects
   */
  rejected(refused: string | null, challenge: string | null): boolean | Promise<boolean>;
  /**
   * The server took a request that was sent once more after a refusal: whatever it answered, it did not refuse `header`.
   * @param header the value that the repeated request carried
   */
  accepted(header: string | null): void;
  /** How long the token has been under way that somebody's request waits for, ms; null when there is none. */
  waitedMs(): number | null;
  /** Ends its timers. What is under way ends by itself. */
  close(): void;
}

/** The credentials of one server. */
export interface Credentials {
  /**
   * @param user number of the user among those of this server in this process, from 0: the same number always gets the
   * same identity; without `identities` all get the same credential
   */
  of(user: number): Credential;
  /** One figure for each token that is under way and waited for (`waitedMs`). */
  waitsMs(): readonly number[];
  close(): void;
}
