/**
 * The HTTP client under Azure's official clients: it sees what really passed, because what those make of it is not to
 * be relied on (a life in the local clock, one error for a reset, HTML and bad JSON alike).
 */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  createDefaultHttpClient,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { type Sight, sightOfAnswer, sightOfFailure } from "./sight.ts";
import { isBearer, tokenAnswer } from "./token-answer.ts";

/** MSAL itself waits for ever, whatever it is told. */
const REQUEST_LIMIT_MS = 10_000;
/** Far above any token answer and any secret (25 KB), and above a page of a vault's list. */
const LARGEST_BYTES = 1024 * 1024;
const RETRY_AFTER = ["retry-after", "retry-after-ms", "x-ms-retry-after-ms"];
/** Tokens whose end is remembered; more than are asked for at once. */
const REMEMBERED = 1000;

/** What one operation saw, oldest first. */
export interface Watched {
  readonly sights: Sight[];
  readonly learn: (secret: string) => void;
  /** When it began, monotonic ms. */
  readonly beganMs: number;
}

export class Wire {
  readonly #limitMs: number;
  readonly #real: HttpClient = createDefaultHttpClient();
  readonly #watched = new AsyncLocalStorage<Watched>();
  /** Monotonic end of each token, or null when nobody said. By token: MSAL may let two operations share one request. */
  readonly #ends = new Map<string, number | null>();

  /** @param limitMs of one request, connect to last byte */
  constructor(limitMs: number = REQUEST_LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** Belongs into the options of every client. */
  readonly httpClient: HttpClient = { sendRequest: (request) => this.#send(request) };

  /** Runs `work`; what its requests show goes to `watched`. */
  watch<T>(watched: Watched, work: () => Promise<T>): Promise<T> {
    return this.#watched.run(watched, work);
  }

  /** What the operation that is running has seen so far. */
  sights(): readonly Sight[] {
    return this.#watched.getStore()?.sights ?? [];
  }

  /** @returns when the token ends, monotonic ms; null when nobody said; undefined when it came by another way */
  endOf(token: string): number | null | undefined {
    return this.#ends.get(token);
  }

  async #send(request: PipelineRequest): Promise<PipelineResponse> {
    const watched = this.#watched.getStore();
    // Azure's clients wait for ever by default, and a probe that says 1 s means it.
    if (request.timeout === 0 || request.timeout > this.#limitMs) request.timeout = this.#limitMs;
    // Between two renewals a kept connection has long been closed by the other side, which looks like an outage.
    // Said by a header, because `disableKeepAlive` picks Node's global agent, which keeps connections since Node 19.
    if (isForToken(request)) request.headers.set("connection", "close");
    const tooMuch = new AbortController();
    request.abortSignal = request.abortSignal
      ? AbortSignal.any([request.abortSignal as AbortSignal, tooMuch.signal])
      : tooMuch.signal;
    request.onDownloadProgress = ({ loadedBytes }) => {
      if (loadedBytes > LARGEST_BYTES) tooMuch.abort();
    };
    for (const secret of secretsIn(request)) watched?.learn(secret);
    const askedMs = performance.now();
    try {
      const response = await this.#real.sendRequest(request);
      return this.#seen(request, response, askedMs, watched);
    } catch (error) {
      const isLate = performance.now() - askedMs >= request.timeout - 1;
      const failure = tooMuch.signal.aborted ? "the answer is too large" : isLate ? lateText(request) : null;
      if (!isProbe(request)) watched?.sights.push(sightOfFailure(request.url, error, failure));
      throw error;
    }
  }

  #seen(
    request: PipelineRequest,
    response: PipelineResponse,
    askedMs: number,
    watched: Watched | undefined,
  ): PipelineResponse {
    if (isProbe(request)) return response;
    const body = response.bodyAsText ?? "";
    const headers = response.headers.toJSON();
    const answer = isForToken(request)
      ? tokenAnswer({ status: response.status, date: headers.date, body }, Date.now())
      : null;
    if (answer === null) {
      watched?.sights.push(sightOfAnswer(request.url, { status: response.status, headers, body }));
      return asksForToken(request) ? unthrottled(response) : response;
    }
    for (const secret of [answer.token, ...answer.others]) watched?.learn(secret);
    watched?.sights.push({
      ...sightOfAnswer(request.url, { status: 200, headers, body: "" }),
      token: !isBearer(body) ? "other" : answer.livesMs !== null && answer.livesMs <= 0 ? "ended" : "good",
    });
    this.#remember(answer.token, answer.livesMs === null ? null : askedMs + answer.livesMs);
    return { ...response, bodyAsText: answer.muted };
  }

  #remember(token: string, endMs: number | null): void {
    this.#ends.delete(token);
    this.#ends.set(token, endMs);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > REMEMBERED && oldest !== undefined) this.#ends.delete(oldest);
  }
}

const isForToken = ({ url }: PipelineRequest): boolean => !new URL(url).pathname.startsWith("/secrets");

const asksForToken = ({ method, body }: PipelineRequest): boolean =>
  method === "POST" && typeof body === "string" && body.includes("grant_type=");

/**
 * After one 429, 5xx or Retry-After MSAL refuses by itself for a minute or longer, without a request (ThrottlingUtils of
 * msal-common): an outage of a second would end tokens that live 20. Whoever asks for the token backs off already, by
 * what was seen, so MSAL is told of a refusal that it does not remember (RFC 6749, section 4.1.2.1).
 */
const unthrottled = (response: PipelineResponse): PipelineResponse => {
  for (const name of RETRY_AFTER) response.headers.delete(name);
  const isRemembered = response.status === 429 || response.status >= 500;
  return isRemembered ? { ...response, status: 400, bodyAsText: '{"error":"temporarily_unavailable"}' } : response;
};

const lateText = ({ timeout }: PipelineRequest): string => `no answer within ${timeout / 1000} s`;

/** DefaultAzureCredential knocks at IMDS without the header that IMDS demands; the answer says nothing about tokens. */
const isProbe = ({ url, headers }: PipelineRequest): boolean =>
  new URL(url).pathname === "/metadata/identity/oauth2/token" && headers.get("metadata") === undefined;

/** What a request itself carries: client secret, client assertion, refresh token, authorization code. */
const secretsIn = (request: PipelineRequest): readonly string[] => {
  if (!asksForToken(request)) return [];
  const form = new URLSearchParams(String(request.body));
  return ["client_secret", "client_assertion", "refresh_token", "code"].flatMap((name) => form.getAll(name));
};
