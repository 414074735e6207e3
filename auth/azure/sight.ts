/** What one request of Azure's clients came to, as far as an error may tell it: no body, no query, no words of prose. */

export interface Sight {
  /** Origin and path. */
  readonly place: string;
  readonly host: string;
  /** null: there was no answer. */
  readonly status: number | null;
  /** Why there was none: a system's code, or a clause. */
  readonly failure: string | null;
  /** Error codes of the answer, most general first: `invalid_client AADSTS7000215`, `Forbidden SecretDisabled`. */
  readonly words: readonly string[];
  readonly retryAfterMs: number | null;
  /** Set when the answer held a token: one to be sent as `Bearer`, one that is not, or one that had already ended. */
  readonly token?: "good" | "other" | "ended";
}

interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const sightOfAnswer = (url: string, { status, headers, body }: SeenAnswer): Sight => ({
  ...placeOf(url),
  status,
  failure: null,
  words: status >= 400 ? wordsIn(body) : [],
  retryAfterMs: retryAfterIn(headers),
});

/** @param known the reason, when it is not the error's to tell */
export const sightOfFailure = (url: string, error: unknown, known: string | null): Sight => ({
  ...placeOf(url),
  status: null,
  failure: known ?? systemCode(error),
  words: [],
  retryAfterMs: null,
});

const placeOf = (url: string): Pick<Sight, "place" | "host"> => {
  const { origin, pathname, host } = new URL(url);
  return { place: origin + pathname, host };
};

/** A code is a word, and not longer than any that Azure has: a sentence could carry what nobody may read. */
const WORD = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

const wordsIn = (body: string): readonly string[] => {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return []; // HTML of a proxy
  }
  const { error, error_codes: numbers } = fields(answer);
  const { code, innererror } = fields(error);
  const first = Array.isArray(numbers) ? numbers[0] : undefined;
  const entra = typeof first === "number" && Number.isSafeInteger(first) ? `AADSTS${first}` : undefined;
  const found = [error, code, fields(innererror).code, entra];
  return found.filter((word): word is string => typeof word === "string" && WORD.test(word));
};

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** As Azure's clients read it: two headers in ms of its own, or RFC 9110 section 10.2.3 (seconds or a date). */
const retryAfterIn = (headers: SeenAnswer["headers"]): number | null => {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const ms = digits(headers[name]);
    if (ms !== null) return ms;
  }
  const after = headers["retry-after"];
  const seconds = digits(after);
  if (seconds !== null) return seconds * 1000;
  const ms = Date.parse(after ?? "") - Date.parse(headers.date ?? "");
  return Number.isNaN(ms) ? null : Math.max(0, ms);
};

const digits = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;

const systemCode = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : "no answer";
};
