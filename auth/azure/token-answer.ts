/** What a token endpoint of Azure answered, read from the wire: Entra, IMDS and App Service give a life in three ways. */

interface WireAnswer {
  readonly status: number;
  /** The `date` header, or undefined. */
  readonly date: string | undefined;
  readonly body: string;
}

interface TokenAnswer {
  readonly token: string;
  /** ms from the moment it was asked for; null when the answer does not say. Zero and less: it had already ended. */
  readonly livesMs: number | null;
  /** The other secrets beside it. */
  readonly others: readonly string[];
  /** The same answer for MSAL, in which the token lives a second. */
  readonly muted: string;
}

/**
 * A second in every field that says how long: MSAL takes a token that is about to end for none, so its caches, which
 * cannot be switched off (that of managed identity is a static of the process) and which count in the local clock,
 * keep nothing. Who caches is `auth/kept-token.ts`.
 */
const MUTED_SECONDS = 1;

/** @returns null when it is no answer with a token */
export const tokenAnswer = ({ status, date, body }: WireAnswer, nowMs: number): TokenAnswer | null => {
  if (status !== 200) return null;
  const answer = parsed(body);
  const token = answer?.access_token;
  if (answer === null || typeof token !== "string" || token === "") return null;
  const others = [answer.refresh_token, answer.id_token].filter((other) => typeof other === "string");
  return { token, livesMs: lifeOf(answer, date, nowMs), others, muted: JSON.stringify(muted(answer, nowMs)) };
};

/** @returns whether the answer's `token_type` allows sending it as a bearer token; a missing one does */
export const isBearer = (body: string): boolean => {
  const type = parsed(body)?.token_type;
  return type === undefined || (typeof type === "string" && type.toLowerCase() === "bearer");
};

/**
 * `expires_in` counts from now, by any clock. `expires_on` is a date in the issuer's clock, so it is read against the
 * issuer's own `date`. IMDS sends both, and its first may count from the issue of a token that it has kept: the
 * smaller one is right.
 */
const lifeOf = (answer: Answer, date: string | undefined, nowMs: number): number | null => {
  const lives: number[] = [];
  const inSeconds = numberIn(answer.expires_in);
  if (inSeconds !== null) lives.push(inSeconds * 1000);
  const endsMs = dateIn(answer.expires_on);
  const theirNowMs = Date.parse(date ?? "");
  if (endsMs !== null && !(Number.isNaN(theirNowMs) && lives.length > 0)) {
    lives.push(endsMs - (Number.isNaN(theirNowMs) ? nowMs : theirNowMs));
  }
  return lives.length === 0 ? null : Math.min(...lives);
};

const muted = (answer: Answer, nowMs: number): Answer => {
  const { ext_expires_in: _, refresh_in: __, refresh_on: ___, ...kept } = answer;
  const seconds = Math.floor(nowMs / 1000) + MUTED_SECONDS;
  const isDated = kept.expires_on !== undefined;
  return { ...kept, expires_in: MUTED_SECONDS, ...(isDated ? { expires_on: String(seconds) } : {}) };
};

type Answer = Readonly<Record<string, unknown>>;

const parsed = (body: string): Answer | null => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Answer) : null;
  } catch {
    return null; // HTML of a proxy: the status says the rest
  }
};

/** Entra sends numbers, managed identities send them as text. */
const numberIn = (value: unknown): number | null => {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

/** Seconds since 1970, or a date as App Service once sent it. @returns ms */
const dateIn = (value: unknown): number | null => {
  const seconds = numberIn(value);
  if (seconds !== null) return seconds * 1000;
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};
