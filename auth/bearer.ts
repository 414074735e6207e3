/**
 * `bearer`: a token that the user has, in a variable or a file. A file is read again after a 401, because whoever
 * rotates a token there (Kubernetes, a sidecar) does so while the run goes on.
 */

import type { AuthSettings } from "../config/settings.ts";
import { AuthError } from "./auth-error.ts";
import type { AuthStrategy, StrategyKind, Surroundings } from "./auth-strategy.ts";

type BearerSettings = Extract<AuthSettings, { strategy: "bearer" }>;

export const bearer: StrategyKind<BearerSettings> = {
  create: (settings, surroundings) => new Bearer(settings, surroundings),
  missing: (settings, surroundings) => {
    if (settings.optional) return null;
    try {
      return readToken(settings, surroundings) === null ? placeOf(settings) : null;
    } catch (error) {
      if (error instanceof AuthError && error.code === "AUTH_UNREADABLE") return placeOf(settings);
      // There, and broken: that is told as what it is when the server is used, not as "missing".
      if (error instanceof AuthError) return null;
      throw error;
    }
  },
};

class Bearer implements AuthStrategy {
  readonly #settings: BearerSettings;
  readonly #surroundings: Surroundings;
  /** undefined: not read yet. */
  #authorization: string | null | undefined;

  constructor(settings: BearerSettings, surroundings: Surroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
  }

  authorization(): string | null {
    if (this.#authorization === undefined) this.#authorization = this.#read();
    return this.#authorization;
  }

  rejected(refused: string | null): boolean {
    if (this.#settings.file === undefined) return false;
    // Another user's 401 may have brought the new token already.
    if (this.#authorization === refused) this.#authorization = this.#read();
    return this.#authorization !== refused;
  }

  #read(): string | null {
    const token = readToken(this.#settings, this.#surroundings);
    if (token !== null) return `Bearer ${token}`;
    if (this.#settings.optional) return null;
    throw new AuthError("AUTH_MISSING", { place: placeOf(this.#settings) });
  }
}

const placeOf = ({ env, file }: BearerSettings): string => env ?? file ?? "";

/** @returns the token, or null when it is not there or empty */
const readToken = (settings: BearerSettings, surroundings: Surroundings): string | null => {
  const text = settings.env === undefined ? readFile(settings, surroundings) : surroundings.lookup(settings.env);
  // Copied from a header or a `curl` line, a token often brings its scheme along.
  const token = (text ?? "").trim().replace(/^bearer(?:\s+|$)/i, "");
  if (token === "") return null;
  // Whatever could break out of the header is refused: control characters, blanks inside, all that is not ASCII.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new AuthError("AUTH_UNUSABLE", { place: placeOf(settings) });
  return token;
};

const readFile = (settings: BearerSettings, { readFile }: Surroundings): string | null => {
  const path = placeOf(settings);
  try {
    return readFile(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new AuthError("AUTH_UNREADABLE", { place: path }, { cause });
  }
};
