/** One credential for each identity, made when its first user comes: memory grows with the identities, not with users. */

import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import type { Credential, Credentials } from "../credential.ts";
import { pauseMs } from "../renewal-plan.ts";
import { withinLimit } from "../time-limit.ts";
import type { Share, Surroundings } from "../world.ts";

/** A vault with thousands of secrets lists them page by page. */
const LIST_LIMIT_MS = 60_000;

interface IdentityPlan {
  /** Finds all identities; asked once, and again after a pause when it fails. At least one, or it throws AuthError. */
  readonly list: () => Promise<readonly AuthSettings[]>;
  /** Makes the credential of one identity. @param number from 0 */
  readonly make: (settings: AuthSettings, number: number) => Credential;
  readonly share: Share;
  readonly surroundings: Pick<Surroundings, "monotonicMs" | "after" | "report">;
}

/**
 * Users take the identities in turn, each process from a place of its own: of `c` identities process `i` of `k` begins
 * with number `i * c / k`. Locust spreads the users of several classes so that one process may have all users of a
 * server and another none: then the one gets all identities, which dealing them out user by user would not give it.
 * The user's number alone decides, so a user keeps its identity, also in the next run.
 */
export class IdentityCredentials implements Credentials {
  readonly #plan: IdentityPlan;
  readonly #made = new Map<number, Credential>();
  #identities: readonly AuthSettings[] | null = null;
  #search: Promise<void> | null = null;
  #failure: AuthError | null = null;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #isSharingSaid = false;

  constructor(plan: IdentityPlan) {
    this.#plan = plan;
  }

  of(user: number): Credential {
    return (
      this.#found(user) ??
      new AwaitedCredential(
        () => this.#found(user),
        () => this.#find(),
      )
    );
  }

  waitsMs(): readonly number[] {
    return Array.from(this.#made.values(), (credential) => credential.waitedMs()).filter((ms) => ms !== null);
  }

  close(): void {
    for (const credential of this.#made.values()) credential.close();
  }

  /** @returns null while the identities are not known */
  #found(user: number): Credential | null {
    if (this.#identities === null) return null;
    const { share, make } = this.#plan;
    const count = this.#identities.length;
    const first = Math.floor((share.index * count) / share.of);
    if (user >= Math.floor(((share.index + 1) * count) / share.of) - first) this.#saySharing(user + 1, count);
    const number = (first + user) % count;
    const made = this.#made.get(number);
    if (made !== undefined) return made;
    const settings = this.#identities[number];
    if (settings === undefined) throw new RangeError(`there is no user ${user}`);
    const credential = make(settings, number);
    this.#made.set(number, credential);
    return credential;
  }

  /** @throws {AuthError} at once within the pause after a failure */
  #find(): Promise<void> {
    const { list, surroundings } = this.#plan;
    if (this.#search === null && this.#failure !== null && surroundings.monotonicMs() < this.#notBeforeMs) {
      throw this.#failure;
    }
    this.#search ??= withinLimit(list(), { limitMs: LIST_LIMIT_MS, after: surroundings.after }).then(
      (identities) => {
        this.#identities = identities;
      },
      (error: unknown) => {
        this.#search = null;
        if (!(error instanceof AuthError)) throw error;
        this.#failure = error;
        this.#failures += 1;
        const askedMs = error.detail.retryAfterMs;
        this.#notBeforeMs = surroundings.monotonicMs() + pauseMs({ failures: this.#failures, leftMs: null, askedMs });
        throw error;
      },
    );
    return this.#search;
  }

  #saySharing(users: number, count: number): void {
    if (this.#isSharingSaid) return;
    this.#isSharingSaid = true;
    const { of } = this.#plan.share;
    const text =
      of === 1
        ? `there are ${count} identities and at least ${users} users: they share them in turn`
        : `there are ${count} identities for ${of} processes, and one of these has at least ${users} users: some may have the same`;
    this.#plan.surroundings.report({ what: "note", text });
  }
}

/** The credential of a user who came before the identities were known. */
class AwaitedCredential implements Credential {
  readonly #look: () => Credential | null;
  readonly #find: () => Promise<void>;
  #own: Credential | null = null;

  constructor(look: () => Credential | null, find: () => Promise<void>) {
    this.#look = look;
    this.#find = find;
  }

  authorization(): string | null | Promise<string | null> {
    this.#own ??= this.#look();
    return this.#own === null ? this.#find().then(() => this.authorization()) : this.#own.authorization();
  }

  rejected(refused: string | null, challenge: string | null): boolean | Promise<boolean> {
    this.#own ??= this.#look();
    return this.#own?.rejected(refused, challenge) ?? false;
  }

  accepted(header: string | null): void {
    this.#own?.accepted(header);
  }

  waitedMs(): number | null {
    return this.#own?.waitedMs() ?? null;
  }

  close(): void {
    this.#own?.close();
  }
}
