/**
 * One request to an OpenTelemetry collector, OTLP over HTTP: sent once, with a limit for all of it, and with a refusal in few
 * words. When it is tried again is its caller's business.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
import { request } from "undici";

/** From the connection to the last byte of the answer. */
const LIMIT_MS = 8_000;
/** The statuses after which the same request may be taken later. */
const PASSING_STATUSES = new Set([429, 502, 503, 504]);
const LONGEST_WAIT_MS = 24 * 3_600_000;

export interface Refusal {
  /** In a few words. What the collector answered is not repeated: it may quote what it was sent. */
  readonly why: string;
  /** The same may be taken later. */
  readonly isPassing: boolean;
  /** How long the collector wants to be left alone; 0 when it does not say. */
  readonly retryAfterMs: number;
}

export interface Destination {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @returns null when it was taken */
export const sendTo = async (
  { url, headers }: Destination,
  body: Uint8Array,
  limitMs = LIMIT_MS,
): Promise<Refusal | null> => {
  try {
    const answer = await request(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/x-protobuf", "user-agent": "swarmbridge" },
      body,
      signal: AbortSignal.timeout(limitMs),
    });
    // Nobody waits for a body: one that is long or trickles costs its connection, and its fault is nobody's.
    answer.body.dump().catch(() => undefined);
    const status = answer.statusCode;
    if (status >= 200 && status < 300) return null;
    const retryAfterMs = waitOf(answer.headers["retry-after"], Date.now());
    return { why: `HTTP ${status}`, isPassing: PASSING_STATUSES.has(status), retryAfterMs };
  } catch (error) {
    return { why: causeOf(error), isPassing: true, retryAfterMs: 0 };
  }
};

/** `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
const waitOf = (header: string | string[] | undefined, nowMs: number): number => {
  if (typeof header !== "string") return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Math.min(Math.max(ms || 0, 0), LONGEST_WAIT_MS);
};

const CAUSES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  ETIMEDOUT: "no connection in time",
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host now",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  UND_ERR_SOCKET: "the connection was lost",
};

/** A code that is not in the table, such as one of TLS, speaks for itself. */
const causeOf = (error: unknown): string => {
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  if (name === "TimeoutError") return "no answer in time";
  return typeof code === "string" ? (CAUSES[code] ?? code) : "no connection";
};
