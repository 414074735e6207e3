import { insufficientScope } from "../auth/discovery/challenge.ts";
import type { Reason } from "../record/reason.ts";
import type { Failure } from "./operation.ts";

/**
 * From what was seen on the wire to exactly one reason of the closed list, by tables. What varies goes into `detail`,
 * which is bounded here and freed of secrets and control characters.
 */

/** A failure on its way through code that only knows exceptions. Its text is the reason, never what a server said. */
export class WireError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.reason, options);
    this.name = "WireError";
    this.failure = failure;
  }
}

/** Codes of Node and undici. Certificate and OpenSSL codes, of which there are dozens, go by prefix below. */
export const REASON_BY_CODE = {
  ECONNREFUSED: "connect",
  ENOTFOUND: "connect",
  EAI_AGAIN: "connect",
  EAI_FAIL: "connect",
  EHOSTUNREACH: "connect",
  ENETUNREACH: "connect",
  EHOSTDOWN: "connect",
  EADDRNOTAVAIL: "connect",
  EACCES: "connect",
  EPERM: "connect",
  EMFILE: "connect",
  ENFILE: "connect",
  ETIMEDOUT: "connect",
  UND_ERR_CONNECT_TIMEOUT: "connect",
  EPROTO: "tls",
  ECONNRESET: "disconnected",
  ECONNABORTED: "disconnected",
  EPIPE: "disconnected",
  ENOTCONN: "disconnected",
  UND_ERR_SOCKET: "disconnected",
  UND_ERR_DESTROYED: "cancelled",
  UND_ERR_CLOSED: "cancelled",
  UND_ERR_ABORTED: "cancelled",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "too-large",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "too-large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "protocol",
  UND_ERR_INVALID_ARG: "protocol",
} as const satisfies Record<string, Reason>;

/** First match counts: https://nodejs.org/api/tls.html#x509-certificate-error-codes and OpenSSL's own names. */
export const REASON_BY_CODE_PREFIX = [
  ["HPE_", "protocol"],
  ["ERR_TLS_", "tls"],
  ["ERR_SSL_", "tls"],
  ["ERR_OSSL_", "tls"],
  ["CERT_", "tls"],
  ["CRL_", "tls"],
  ["UNABLE_TO_", "tls"],
  ["ERROR_IN_", "tls"],
  ["SELF_SIGNED_", "tls"],
  ["DEPTH_ZERO_SELF_SIGNED_", "tls"],
  ["INVALID_CA", "tls"],
  ["INVALID_PURPOSE", "tls"],
  ["HOSTNAME_MISMATCH", "tls"],
  ["PATH_LENGTH_EXCEEDED", "tls"],
] as const satisfies readonly (readonly [string, Reason])[];

/** Statuses with a reason of their own; the others go by their class. */
export const REASON_BY_STATUS = {
  401: "http-401",
  403: "http-403",
  404: "http-404",
  429: "http-429",
  503: "http-503",
} as const satisfies Record<number, Reason>;

const REASON_BY_STATUS_CLASS = { 3: "http-3xx", 4: "http-4xx", 5: "http-5xx" } as const satisfies Record<
  number,
  Reason
>;

/** Why a connection failed, looking through causes and collected errors. One that nobody knows has ended it. */
export const failureOfNetwork = (error: unknown): Failure => {
  if (error instanceof WireError) return error.failure;
  for (const code of codesOf(error)) {
    const reason = reasonOfCode(code);
    if (reason !== null) return { reason, detail: code };
  }
  return { reason: "disconnected", detail: error instanceof Error ? error.message : String(error) };
};

export const reasonOfCode = (code: string): Reason | null => {
  if (Object.hasOwn(REASON_BY_CODE, code)) return REASON_BY_CODE[code as keyof typeof REASON_BY_CODE];
  return REASON_BY_CODE_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
};

const MAX_CAUSES = 8;

function* codesOf(error: unknown, depth = 0): Generator<string> {
  if (typeof error !== "object" || error === null || depth > MAX_CAUSES) return;
  const { code, name, cause, errors } = error as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") yield code;
  // undici 7 loses the code of its parser on most paths.
  else if (name === "HTTPParserError") yield "HPE_INVALID_HTTP";
  yield* codesOf(cause, depth + 1);
  // Happy Eyeballs collects one error for each address.
  if (Array.isArray(errors)) yield* codesOf(errors[0], depth + 1);
}

/** What a refusal by HTTP brought along. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** True when the request carried a session id. */
  readonly hasSession: boolean;
  readonly wwwAuthenticate?: string | undefined;
  readonly retryAfter?: string | undefined;
}

/**
 * Any status but 200. A session that the server no longer knows is 404 by the specification (2025-11-25, transports,
 * session management), and 400 with words about the session on many servers.
 */
export const failureOfStatus = (refusal: Refusal): Failure => {
  const { status, body, hasSession, wwwAuthenticate, retryAfter } = refusal;
  const retryAfterMs = retryAfter === undefined ? null : parseRetryAfterMs(retryAfter, Date.now());
  return {
    reason:
      hasSession && isSessionLoss(status, body)
        ? "session-lost"
        : lacksScope(status, wwwAuthenticate)
          ? "insufficient-scope"
          : reasonOfStatus(status),
    code: status,
    detail: [wwwAuthenticate, body].filter(Boolean).join(" "),
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
};

/** Whether a status refuses the credential, so that another one could be worth a try: 401, or 403 for want of a scope. */
export const isCredentialRefusal = (status: number, wwwAuthenticate: string | undefined): boolean =>
  status === 401 || lacksScope(status, wwwAuthenticate);

/** 403 by RFC 6750, section 3.1; some servers say it with their 401. */
const lacksScope = (status: number, wwwAuthenticate: string | undefined): boolean =>
  (status === 401 || status === 403) && insufficientScope(wwwAuthenticate ?? null) !== null;

const isSessionLoss = (status: number, body: string): boolean =>
  status === 404 || (status === 400 && /\bsession\b/i.test(body));

const reasonOfStatus = (status: number): Reason => {
  if (Object.hasOwn(REASON_BY_STATUS, status)) return REASON_BY_STATUS[status as keyof typeof REASON_BY_STATUS];
  return REASON_BY_STATUS_CLASS[Math.floor(status / 100) as keyof typeof REASON_BY_STATUS_CLASS] ?? "protocol";
};

/** SDK v1 says -32001 for an unknown session, server-everything -32000; both codes mean other things as well. */
const SESSION_CODES = new Set([-32000, -32001]);

/** A JSON-RPC error is the server's no, unless its words say that the session is gone. */
export const failureOfRpcError = (code: number, message: string, hasSession: boolean): Failure => ({
  reason: hasSession && SESSION_CODES.has(code) && /\bsession\b/i.test(message) ? "session-lost" : "json-rpc-error",
  code,
  detail: message,
});

const DAY_MS = 86_400_000;

/** `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3) in ms from now, at most a day; null when unusable. */
export const parseRetryAfterMs = (value: string, nowMs: number): number | null => {
  const text = value.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), DAY_MS);
};

const DETAIL_LENGTH = 500;
/** A huge text costs no more than this to search. */
const SEARCHED_LENGTH = 65_536;
/** Shorter secrets would blank out ordinary words. */
const SECRET_LENGTH = 6;

/** One line of at most 500 characters in which no secret is left, not even the head of one that was cut off. */
export const safeDetail = (detail: string, secrets: Iterable<string>): string => {
  let text = detail.slice(0, SEARCHED_LENGTH);
  for (const secret of secrets) if (secret.length >= SECRET_LENGTH) text = without(secret, text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  text = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return text.length <= DETAIL_LENGTH ? text : `${text.slice(0, DETAIL_LENGTH - 1)}…`;
};

const without = (secret: string, text: string): string => {
  const clean = text.replaceAll(secret, "[redacted]");
  for (let length = Math.min(secret.length - 1, clean.length); length >= SECRET_LENGTH; length--) {
    if (clean.endsWith(secret.slice(0, length))) return clean.slice(0, -length);
  }
  return clean;
};
