/**
 * The closed list of outcomes. Every operation ends as `ok` or with exactly one reason of this table; four families
 * that are never merged: ours, the wire's, the server's no, the tool's no (and the user's own judgement). `unknown` is of
 * none: the bridge never says it, only somebody else's rows that are read into a record do.
 * The texts go into Locust's error table, so they hold no id, number or name that varies.
 */

export const REASONS = {
  connect: { family: "wire", text: "could not connect" },
  tls: { family: "wire", text: "the TLS handshake failed" },
  timeout: { family: "wire", text: "no answer within the time limit" },
  disconnected: { family: "wire", text: "the connection or stream ended before the answer" },
  "too-large": { family: "wire", text: "the answer is larger than the limit" },
  protocol: { family: "wire", text: "the answer is not valid MCP" },
  "http-3xx": { family: "server", text: "HTTP 3xx, redirects are not followed" },
  "http-401": { family: "server", text: "HTTP 401, not authenticated" },
  "http-403": { family: "server", text: "HTTP 403, not allowed" },
  "insufficient-scope": { family: "server", text: "the token lacks a scope that the server demands" },
  "http-404": { family: "server", text: "HTTP 404, not found" },
  "http-429": { family: "server", text: "HTTP 429, rate limited" },
  "http-503": { family: "server", text: "HTTP 503, unavailable" },
  "http-4xx": { family: "server", text: "HTTP 4xx" },
  "http-5xx": { family: "server", text: "HTTP 5xx" },
  "session-lost": { family: "server", text: "the server no longer knows the session" },
  "json-rpc-error": { family: "server", text: "JSON-RPC error" },
  "tool-error": { family: "tool", text: "the tool answered isError" },
  leak: { family: "server", text: "the answer holds data of another session" },
  assertion: { family: "user", text: "the answer was not what the test expects" },
  auth: { family: "ours", text: "no credential could be had" },
  cancelled: { family: "ours", text: "cancelled before the answer" },
  bridge: { family: "ours", text: "the bridge was lost" },
  dropped: { family: "ours", text: "no user was free for a planned start" },
  unknown: { family: "unknown", text: "failed for a reason that was not kept" },
} as const satisfies Record<string, { family: "wire" | "server" | "tool" | "user" | "ours" | "unknown"; text: string }>;

export type Reason = keyof typeof REASONS;

/** How an operation ended. */
export type Outcome = "ok" | Reason;

/** All of them, `ok` first. */
export const OUTCOMES: readonly Outcome[] = ["ok", ...(Object.keys(REASONS) as Reason[])];

export const isOutcome = (value: unknown): value is Outcome =>
  value === "ok" || (typeof value === "string" && Object.hasOwn(REASONS, value));
