import { AuthError } from "../../auth/auth-error.ts";
import type { Refusal, Token, TokenSource } from "../../auth/token.ts";
import type { FakeWorld } from "./fake-world.ts";

/** An issuer of tokens whose every request is noted with its moment. What it does is changed while the test goes on. */
export class FakeIssuer implements TokenSource {
  readonly #world: FakeWorld;
  /** Moments of all requests, ms since the world began. */
  readonly askedAtMs: number[] = [];
  readonly refusals: (Refusal | null)[] = [];
  livesMs: number | null = 20_000;
  isGuess = false;
  answersAfterMs = 0;
  /** What it fails with, or null. `hang`: it never answers. */
  fault: AuthError | "hang" | null = null;
  /** What it gives; by default another token each time. */
  value = (): string => `token-${this.askedAtMs.length}`;

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  readonly fetch = async (refusal: Refusal | null): Promise<Token | null> => {
    this.askedAtMs.push(this.#world.monotonicMs());
    this.refusals.push(refusal);
    const { fault, answersAfterMs, livesMs, isGuess } = this;
    const value = this.value();
    if (fault === "hang") return new Promise(() => undefined);
    if (answersAfterMs > 0) await new Promise<void>((done) => this.#world.after(answersAfterMs, done));
    if (fault !== null) throw fault;
    return { value, livesMs, isGuess };
  };
}

export const unreachable = (retryAfterMs?: number): AuthError =>
  new AuthError("AUTH_UNREACHABLE", {
    place: "https://issuer.test/token",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
