/** Everything that `auth check` may find wrong, and whose turn it is then. */

import type { AuthErrorCode } from "../auth-error.ts";

/**
 * `configuration`: loadtest.yaml, a variable or a file has to be changed. `remote`: something could not be reached or
 * refused. `nobody`: worth knowing, and nothing has to be done before a run. `us`: swarmbridge has to be mended.
 */
export type Blame = "configuration" | "remote" | "nobody" | "us";

/** Beside the reasons for which no credential can be had, those of the server under test. */
export type FindingCode =
  | AuthErrorCode
  /** It works without the credential that is configured. */
  | "SERVER_OPEN"
  /** It wants a credential and none is configured. */
  | "SERVER_WANTS_CREDENTIAL"
  | "SERVER_UNREACHABLE"
  /** Its certificate is not trusted, or not made out to it. */
  | "SERVER_CERTIFICATE"
  /** It answers, and not as an MCP server. */
  | "SERVER_STRANGE"
  /** 401 to the token. */
  | "TOKEN_REFUSED"
  /** 401 to a token that says itself that it has ended. */
  | "TOKEN_EXPIRED"
  /** 403, and the challenge says that more scope is needed. */
  | "SCOPE_INSUFFICIENT"
  /** 403 for another reason. */
  | "SERVER_FORBIDS"
  /** A token that nobody can renew ends soon. */
  | "TOKEN_ENDS_SOON"
  | "CLOCK_OFF"
  /** Of ours: the server could not be checked. */
  | "DEFECT";

export const BLAME = {
  AUTH_MISSING: "configuration",
  AUTH_UNUSABLE: "configuration",
  AUTH_UNREADABLE: "configuration",
  AUTH_KEY: "configuration",
  AUTH_SCOPE: "remote",
  AUTH_NO_LOGIN: "configuration",
  AUTH_REFUSED: "remote",
  AUTH_UNREACHABLE: "remote",
  AUTH_THROTTLED: "remote",
  AUTH_INVALID: "remote",
  AUTH_EXPIRED: "remote",
  AUTH_UNTRUSTED: "remote",
  AUTH_UNDISCOVERED: "configuration",
  AUTH_COMMAND: "remote",
  AUTH_IDENTITIES: "configuration",
  SERVER_OPEN: "nobody",
  SERVER_WANTS_CREDENTIAL: "configuration",
  SERVER_UNREACHABLE: "remote",
  SERVER_CERTIFICATE: "remote",
  SERVER_STRANGE: "remote",
  TOKEN_REFUSED: "remote",
  TOKEN_EXPIRED: "remote",
  SCOPE_INSUFFICIENT: "remote",
  SERVER_FORBIDS: "remote",
  TOKEN_ENDS_SOON: "nobody",
  CLOCK_OFF: "nobody",
  DEFECT: "us",
} as const satisfies Record<FindingCode, Blame>;
