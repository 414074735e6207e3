const MESSAGES = {
  AUTH_MISSING: "the credential is not there",
  AUTH_UNUSABLE: "the credential cannot be sent in a header",
  AUTH_UNREADABLE: "the file of the credential could not be read",
  AUTH_NO_LOGIN: "this machine has no login that Azure knows",
  AUTH_REFUSED: "the issuer of tokens refused",
  AUTH_UNREACHABLE: "the issuer of tokens could not be reached",
  AUTH_THROTTLED: "the issuer of tokens asked to wait",
  AUTH_INVALID: "the issuer of tokens did not answer with a token",
  AUTH_EXPIRED: "the token has expired and could not be renewed",
  AUTH_UNTRUSTED: "what the server says about its authorization is not to be trusted",
  AUTH_UNDISCOVERED: "the server does not say how it is authorized",
  AUTH_SCOPE: "the token does not reach as far as the server asks",
  AUTH_KEY: "the private key cannot be used",
  AUTH_COMMAND: "the program for the token failed",
  AUTH_IDENTITIES: "the list of identities cannot be used",
} as const;

export type AuthErrorCode = keyof typeof MESSAGES;

/** What varies. Never a secret, a token's part or a URL's query; a server's own words are bounded and printable. */
export interface AuthErrorDetail {
  /** The variable, file, secret, vault, program or endpoint (origin and path) that it is about. */
  readonly place?: string;
  /** One clause that says what was seen: `HTTP 403`, `issuer is X, expected Y`, `exit code 1`. */
  readonly why?: string;
  /** The HTTP status that was seen; absent when no answer was, also because nobody was asked. */
  readonly status?: number;
  /** How long the issuer asked to be left alone, ms. */
  readonly retryAfterMs?: number;
}

/** Why no credential could be had. A `cause` is an error of the machine or a library; nobody prints it. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;
  readonly detail: AuthErrorDetail;

  constructor(code: AuthErrorCode, detail: AuthErrorDetail = {}, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "AuthError";
    this.code = code;
    this.detail = detail;
  }

  /** One clause for a person: `the issuer of tokens refused: https://login.example/token (HTTP 401 invalid_client)`. */
  get sentence(): string {
    const { place, why } = this.detail;
    return this.message + (place === undefined ? "" : `: ${place}`) + (why === undefined ? "" : ` (${why})`);
  }
}
