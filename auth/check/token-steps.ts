/** What can be said of a credential without the server under test: is it there, can it be had, how long does it last. */

import { isSecretName } from "../../config/secret-shape.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import { strategyKind } from "../strategies.ts";
import type { Refusal, TokenSource } from "../token.ts";
import { type Fetched, fetchToken } from "../token-fetch.ts";
import type { Surroundings } from "../world.ts";
import { durationWords } from "./duration-words.ts";
import { settingsInWords } from "./settings-in-words.ts";
import { failed, fine, type ShownClaims, type Step, skipped, warned } from "./step.ts";

/** One token, or why there is none. Defects of ours reject. */
export const obtain = async (
  source: TokenSource,
  refusal: Refusal | null,
  surroundings: Surroundings,
): Promise<Fetched | AuthError> => {
  try {
    return await fetchToken({ source, refusal, surroundings, onLate: () => undefined });
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
};

/** `none`: what is sent instead of a credential. */
export const noneStep = (headers: Readonly<Record<string, string>>): Step => {
  const secret = Object.keys(headers).filter(isSecretName);
  if (secret.length === 0) return skipped("credential", "none is configured");
  return fine("credential", `none but the headers ${secret.join(", ")}`);
};

/** Is it there, as far as this machine alone can tell? */
export const credentialStep = async (
  auth: AuthSettings,
  source: TokenSource,
  surroundings: Surroundings,
): Promise<Step> => {
  const kind = strategyKind(auth);
  const missing = kind.missing(auth, surroundings);
  if (missing === null) {
    const unset = auth.optional === true ? kind.missing({ ...auth, optional: false }, surroundings) : null;
    if (unset !== null) return skipped("credential", `${unset} is not there, and it is optional`);
    return fine("credential", settingsInWords(auth));
  }
  // Why it is not there (not set, or a file that cannot be read), the strategy says when it is asked for it.
  const token = await obtain(source, null, surroundings);
  const error = token instanceof AuthError ? token : new AuthError("AUTH_MISSING", { place: missing });
  return failed("credential", { finding: error.code, sentence: error.sentence, place: missing });
};

interface Got {
  readonly claims: ShownClaims | null;
  /** Which credential has brought it, when there were several. */
  readonly chosen: string | null;
  readonly nowMs: number;
}

export const tokenStep = (token: Fetched | AuthError, { claims, chosen, nowMs }: Got): Step => {
  if (token instanceof AuthError) {
    return failed("token", { finding: token.code, sentence: token.sentence, place: token.detail.place });
  }
  if (token.header === null) return skipped("token", "there is none, and it is optional: nothing is sent");
  const kind = claims === null ? "an opaque one: only its issuer can read it" : "a JWT";
  const through = chosen === null ? "" : `, through ${chosen}`;
  return fine("token", `${kind}, there after ${Math.round(nowMs - token.askedAtMs)} ms${through}`, claims);
};

/** A run that is worth a look at the clock is shorter than this. */
const ENDS_SOON_MS = 60 * 60_000;

export const expiryStep = (token: Fetched, claims: ShownClaims | null, { now, monotonicMs }: Surroundings): Step => {
  if (token.livesMs !== null) {
    const leftMs = token.askedAtMs + token.livesMs - monotonicMs();
    const when = durationWords(leftMs);
    return fine(
      "expiry",
      token.isGuess ? `in ${when}, as it seems; renewed before that` : `in ${when}; renewed before that`,
    );
  }
  const expiresAt = claims?.expiresAt ?? null;
  if (expiresAt === null) return skipped("expiry", "nobody says; it is had again after a 401");
  const leftMs = Date.parse(expiresAt) - now();
  if (leftMs >= ENDS_SOON_MS) return fine("expiry", `in ${durationWords(leftMs)} (${expiresAt})`);
  const when = leftMs > 0 ? `in ${durationWords(leftMs)}` : `${durationWords(-leftMs)} ago`;
  return warned("expiry", { finding: "TOKEN_ENDS_SOON", sentence: `${when} (${expiresAt}), and nothing renews it` });
};
