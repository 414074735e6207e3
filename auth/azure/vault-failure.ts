/** Judges why Key Vault gave nothing: its answers name the reason in codes, which people need in words. */

import { AuthError } from "../auth-error.ts";
import { ofSight } from "./azure-failure.ts";
import type { Sight } from "./sight.ts";

/** Codes of Key Vault's errors, the most telling first. */
const REASONS: readonly (readonly [word: string, why: string])[] = [
  ["SecretDisabled", "the secret is disabled"],
  ["ForbiddenByFirewall", "the vault's firewall refuses this machine"],
  ["ForbiddenByConnection", "the vault takes private connections only"],
  ["ForbiddenByRbac", "the identity may not read secrets of this vault: role Key Vault Secrets User"],
  ["ForbiddenByPolicy", "the identity may not read secrets of this vault: access policy, get and list"],
  ["AccessDenied", "the identity may not read secrets of this vault: access policy, get and list"],
  ["Forbidden", "the identity may not read secrets of this vault"],
  ["SecretNotFound", "the vault has no such secret or version"],
  ["AKV10032", "the vault belongs to another tenant than the identity"],
];

/**
 * @param place the secret or list that was asked for, and its vault
 * @param sights requests to the vault; those for its token are judged by themselves
 */
export const vaultFailure = (error: unknown, sights: readonly Sight[], place: string): AuthError => {
  const known = authErrorIn(error);
  if (known !== null) return known;
  const last = sights.at(-1);
  if (last === undefined)
    return new AuthError("AUTH_UNTRUSTED", { place, why: "the vault's address" }, { cause: error });
  const { status, words, failure } = last;
  if (status === null) {
    const why = failure === "ENOTFOUND" ? "there is no vault at this address" : (failure ?? "no answer");
    return new AuthError("AUTH_UNREACHABLE", { place, why }, { cause: error });
  }
  const reason = REASONS.find(([word]) => words.includes(word))?.[1];
  if (status === 404) {
    return new AuthError(
      "AUTH_MISSING",
      { place, status, why: reason ?? "HTTP 404: is this a vault?" },
      { cause: error },
    );
  }
  // The client asks without a token first, and stops there when the challenge wants a token for somewhere else.
  if (status === 401 && sights.length === 1) {
    const why = "the vault asks for a token that is not for a vault of its address";
    return new AuthError("AUTH_UNTRUSTED", { place, status, why }, { cause: error });
  }
  const judged = ofSight(last, error);
  const why = reason === undefined ? judged.detail.why : `HTTP ${status}: ${reason}`;
  return new AuthError(
    judged.code,
    { ...judged.detail, place, ...(why === undefined ? {} : { why }) },
    { cause: error },
  );
};

/** The pipeline may wrap what our credential threw. */
const authErrorIn = (error: unknown): AuthError | null => {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof AuthError) return inner;
  }
  return null;
};
