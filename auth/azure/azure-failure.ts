/** Judges why Azure gave nothing, by what was seen on the wire; what its clients threw says only whether they tried. */

import { AuthError, type AuthErrorDetail } from "../auth-error.ts";
import type { Sight } from "./sight.ts";

/**
 * @param error what the client threw
 * @param sights the operation's requests, oldest first
 * @param tried the credentials that it may have tried, for "not logged in"
 */
export const tokenFailure = (error: unknown, sights: readonly Sight[], tried: readonly string[]): AuthError => {
  const decisive = decisiveOf(sights);
  const isUnavailable = UNAVAILABLE.has(error instanceof Error ? error.name : "");
  if (
    decisive === undefined ||
    (isUnavailable && (isNobody(decisive, { isAlone: tried.length === 1 }) || isOverdueLogin(decisive, tried)))
  ) {
    return notLoggedIn(tried, decisive, error);
  }
  return ofSight(decisive, error);
};

/** A chain goes on from what is not there and ends with the first real no; Entra's word counts more than a machine's. */
const decisiveOf = (sights: readonly Sight[]): Sight | undefined => {
  const failed = sights.filter(({ status }) => status !== 200);
  return failed.findLast((sight) => !isMachines(sight)) ?? failed.at(-1) ?? sights.at(-1);
};

const UNAVAILABLE = new Set(["CredentialUnavailableError", "AuthenticationRequiredError"]);

/**
 * @param sights the credential's own requests
 * @returns whether one of several credentials is only not there, so that the next one may be tried. Whatever has been
 * answered, or has asked somebody in vain, is there, and its failure is the answer.
 */
export const isNotThere = (error: unknown, sights: readonly Sight[]): boolean =>
  error instanceof Error &&
  error.name === "CredentialUnavailableError" &&
  sights.every((sight) => isNobody(sight, { isAlone: false }));

/** The endpoints of a managed identity alone are on plain http. */
const isMachines = ({ place }: Sight): boolean => place.startsWith("http:");

/**
 * Outside Azure nobody is at the managed identity's address, or a proxy or Docker Desktop answers in its stead, without
 * its codes. Where other credentials were tried too, a machine without an identity is only one that is not there. A reset
 * or a 500 is somebody.
 */
const isNobody = (sight: Sight, { isAlone }: { readonly isAlone: boolean }): boolean => {
  const { status, failure, words } = sight;
  if (!isMachines(sight)) return false;
  if (status === null) return failure !== "ECONNRESET";
  return status < 500 && status !== 429 && (words.length === 0 || !isAlone);
};

/** The kept login has ended (RFC 6749, section 5.2), or Entra wants to see the person (OpenID Connect Core, 3.1.2.6). */
const isOverdueLogin = ({ words }: Sight, tried: readonly string[]): boolean =>
  tried.includes("browser") && words.some((word) => word === "invalid_grant" || word === "interaction_required");

/** The program that has to be run by hand, for the credentials that rest on one. */
const LOGINS: Readonly<Record<string, string>> = {
  "azure-cli": "az login",
  "azure-developer-cli": "azd auth login",
  "azure-powershell": "Connect-AzAccount",
  browser: "swarmbridge auth login",
};

const notLoggedIn = (tried: readonly string[], last: Sight | undefined, cause: unknown): AuthError => {
  const saw =
    last === undefined ? "" : `; ${last.host}: ${last.failure ?? [`HTTP ${last.status}`, ...last.words].join(" ")}`;
  const logins = tried.flatMap((name) => LOGINS[name] ?? []);
  const todo = logins.length === 0 ? "" : `; run: ${logins.join(" or ")}`;
  return new AuthError("AUTH_NO_LOGIN", { why: `tried ${tried.join(", ")}${saw}${todo}` }, { cause });
};

/** What a request that ended an operation means, wherever it went. */
export const ofSight = (sight: Sight, cause: unknown): AuthError => {
  const { place, status, failure, words, retryAfterMs } = sight;
  if (status === null) return new AuthError("AUTH_UNREACHABLE", { place, why: failure ?? "no answer" }, { cause });
  const why = [`HTTP ${status}`, ...words].join(" ");
  const detail: AuthErrorDetail = { place, status, why, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  if (status === 429 || (status === 503 && retryAfterMs !== null))
    return new AuthError("AUTH_THROTTLED", detail, { cause });
  if (status >= 500) return new AuthError("AUTH_UNREACHABLE", detail, { cause });
  if (status >= 400) return new AuthError("AUTH_REFUSED", detail, { cause });
  return new AuthError("AUTH_INVALID", { ...detail, why: `HTTP ${status} without a token` }, { cause });
};
