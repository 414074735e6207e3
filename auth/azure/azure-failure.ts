/** Judges why Azure gave nothing, by what was seen on the wire; what its clients threw says only whether they tried. */

import { AuthError, type AuthErrorDetail } from "../auth-error.ts";
import type { Sight } from "./sight.ts";

/**
 * @param error what the client threw
 * @param sights the operation's requests, oldest first
 * @param tried the credentials that it may have tried, for "not logged in"
 */
export const tokenFailure = (error: unknown, sights: readonly Sight[], tried: readonly string[]): AuthError => {
  // The last one decides: a chain goes on only from credentials that are not there, and ends with the first real no.
  const answered = sights.filter(({ status }) => status !== null);
  const last = answered.findLast(({ status }) => status !== 200) ?? answered.at(-1) ?? sights.at(-1);
  const isUnavailable = UNAVAILABLE.has(error instanceof Error ? error.name : "");
  if (last === undefined || (isUnavailable && (isSilentMachine(last) || isOverdueLogin(last, tried)))) {
    return notLoggedIn(tried, last, error);
  }
  return ofSight(last, error);
};

const UNAVAILABLE = new Set([
  "CredentialUnavailableError",
  "AuthenticationRequiredError",
  "AggregateAuthenticationError",
]);

/** Only the endpoints of a managed identity are on plain http; outside Azure nobody is there. A reset is somebody. */
const isSilentMachine = ({ status, place, failure }: Sight): boolean =>
  status === null && place.startsWith("http:") && failure !== "ECONNRESET";

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
