/**
 * The suites' authorization scenarios, and how far each one fits a client that has nobody to click in a browser: it
 * proves itself with its own credentials (client credentials grant) or not at all.
 */

export type Fit =
  /** Every check has to pass, and nothing to be done that only a trap would take. */
  | { readonly fits: "whole"; readonly never?: readonly string[] }
  /** The scenario is about a login in a browser; these of its checks are about what comes before and after it. */
  | { readonly fits: "part"; readonly checks: readonly string[] }
  | { readonly fits: "not"; readonly why: string };

const whole = { fits: "whole" } as const;
/** The suite looks for a login; ours would give itself away with a token request. */
const refused = { fits: "whole", never: ["token-request"] } as const;
const part = (...checks: readonly string[]): Fit => ({ fits: "part", checks });
const not = (why: string): Fit => ({ fits: "not", why });

const DISCOVERY = part("prm-pathbased-requested", "authorization-server-metadata", "token-request");
/** The same, where the suite has no check of its own for the place of the resource's metadata. */
const OTHER_PLACES = part("authorization-server-metadata", "token-request");
const READ_FROM_LOGIN = not("its checks read the scope off the authorization request of a login");
const LOGIN_ANSWER = not("it is about `iss` in the answer to a login (RFC 9207)");

export const AUTH_SCENARIOS: Readonly<Record<string, Fit>> = {
  "auth/client-credentials-basic": whole,
  "auth/client-credentials-jwt": whole,
  "auth/pre-registration": whole,
  "auth/resource-mismatch": refused,
  "auth/metadata-issuer-mismatch": refused,
  "auth/metadata-default": DISCOVERY,
  "auth/metadata-var1": DISCOVERY,
  "auth/metadata-var2": OTHER_PLACES,
  "auth/metadata-var3": OTHER_PLACES,
  "auth/token-endpoint-auth-basic": part("token-endpoint-auth-method"),
  "auth/token-endpoint-auth-post": part("token-endpoint-auth-method"),
  "auth/token-endpoint-auth-none": not("a client without a secret has no client credentials"),
  "auth/basic-cimd": not("a client id metadata document is for logins with a redirect"),
  "auth/scope-from-www-authenticate": READ_FROM_LOGIN,
  "auth/scope-from-scopes-supported": READ_FROM_LOGIN,
  "auth/scope-omitted-when-undefined": READ_FROM_LOGIN,
  "auth/scope-step-up": not("its tokens have the scopes of a login; step-up.ts is the same without one"),
  "auth/scope-retry-limit": not("it counts the authorization requests of logins"),
  "auth/offline-access-scope": READ_FROM_LOGIN,
  "auth/offline-access-not-supported": READ_FROM_LOGIN,
  "auth/authorization-server-migration": not("it wants a dynamic registration at each issuer"),
  "auth/iss-supported": LOGIN_ANSWER,
  "auth/iss-not-advertised": LOGIN_ANSWER,
  "auth/iss-supported-missing": LOGIN_ANSWER,
  "auth/iss-wrong-issuer": LOGIN_ANSWER,
  "auth/iss-unexpected": LOGIN_ANSWER,
  "auth/iss-normalized": LOGIN_ANSWER,
  "auth/2025-03-26-oauth-metadata-backcompat": not("a server without RFC 9728, and a login"),
  "auth/2025-03-26-oauth-endpoint-fallback": not("a server without RFC 9728, and a login"),
  "auth/cross-app-access-complete-flow": not("another grant (token exchange with an enterprise login)"),
  "auth/enterprise-managed-authorization": not("another grant (token exchange with an enterprise login)"),
  "auth/wif-jwt-bearer": not("another grant (RFC 7523 assertion of a workload)"),
  "auth/dpop": not("sender-constrained tokens; the bridge sends bearer tokens"),
  "auth/dpop-nonce": not("sender-constrained tokens; the bridge sends bearer tokens"),
};
