/**
 * The second line against secrets in what the bridge writes: it is told every secret, and takes those it finds out of a
 * text. The first line is that nobody puts one into a text (docs/security.md).
 */

import { cleanStrings } from "./clean-strings.ts";
import { SecretIndex, SHORTEST_STRETCH, type Stretch } from "./secret-index.ts";
import { SHORTEST_TEXT, ShortSecrets } from "./short-secrets.ts";

const REDACTED = "[redacted]";
/** No word of a protocol is as long: what is taken out of keys is no key that a program looks for. */
const LONGER_THAN_WORDS = 20;
/** Above any token or key. */
const LONGEST_SECRET = 64 * 1024;
/** Secrets that are never forgotten: what comes first is the configuration's and the clients'. */
const MOST_LASTING = 512;
/** Of the later ones, which are mostly tokens, at least this many of the newest are known and at most twice as many. */
const MOST_RECENT = 2_048;
/** Of a long secret any stretch of 100 characters is found; in base64, of which there are six, any of 526. */
const PLACE_EVERY = 100 - SHORTEST_STRETCH + 1;
const PLACE_EVERY_IN_BASE64 = 512;
const NO_WORDS: ReadonlySet<string> = new Set();

/** Some thousand secrets, and all the ways in which they may be written. */
export class Redactor {
  readonly #lasting = new Generation();
  #recent = new Generation();
  #former = new Generation();

  /**
   * @param secret as it is held: token, key, password, header value with or without its scheme. Ignored when it is
   * shorter than six characters.
   */
  learn(secret: string): void {
    for (const one of partsOf(secret.slice(0, LONGEST_SECRET))) {
      if (one.length < SHORTEST_TEXT || this.#lasting.has(one) || this.#recent.has(one)) continue;
      // One that only the former generation knows is learned anew: it would be forgotten with the others of its time.
      if (this.#lasting.size < MOST_LASTING) this.#lasting.add(one);
      else this.#addRecent(one);
    }
  }

  #addRecent(secret: string): void {
    if (this.#recent.size >= MOST_RECENT) {
      this.#former = this.#recent;
      this.#recent = new Generation();
    }
    this.#recent.add(secret);
  }

  /**
   * The text without secrets; the same text when it holds none. Of a secret of 15 to 256 characters a piece of 15 is
   * enough; of a longer one its first 15, its last 15, or any 100.
   */
  clean(text: string): string {
    return this.#generations().reduce((cleaned, generation) => generation.clean(cleaned), text);
  }

  /** The same for what programs look for: only pieces of 20 characters or more are taken out, which no word has. */
  cleanWord(text: string): string {
    return this.#generations().reduce((cleaned, generation) => generation.cleanWord(cleaned), text);
  }

  /**
   * The same for one JSON value, which keeps its structure and its numbers: its strings are cleaned, its keys as words.
   * @param words keys of the outermost object whose values are words of a protocol
   */
  cleanJson(json: string, words = NO_WORDS): string {
    // Whoever escapes what needs none may have escaped a secret.
    const maybeHidden = json.includes("\\u") || json.includes("\\/");
    const cleaned = this.clean(json);
    if (cleaned === json && !maybeHidden) return json;
    try {
      return cleanStrings(json, {
        value: (text) => this.clean(text),
        word: (text) => this.cleanWord(text),
        words,
      });
    } catch {
      // It was no JSON.
      return cleaned;
    }
  }

  /** The same for all strings in a value; keys of objects are cleaned as words. */
  cleanValue<T>(value: T): T;
  cleanValue(value: unknown): unknown {
    if (typeof value === "string") return this.clean(value);
    if (Array.isArray(value)) return value.map((item) => this.cleanValue(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.cleanWord(key), this.cleanValue(item)]));
  }

  #generations(): readonly Generation[] {
    return [this.#lasting, this.#recent, this.#former];
  }
}

/**
 * Whether a secret is so short or so plain that it may well stand in a text with another meaning: under eight characters,
 * digits alone, words.
 */
export const isOrdinary = (secret: string): boolean =>
  secret.length < 8 || (secret.length < LONGER_THAN_WORDS && /^(?:\d+|\p{L}+(?:[ ._-]\p{L}+)*)$/u.test(secret));

/** Secrets that are forgotten together. */
class Generation {
  readonly #secrets = new Set<string>();
  readonly #index = new SecretIndex();
  readonly #short = new ShortSecrets();
  readonly #shortForms = new Set<string>();

  get size(): number {
    return this.#secrets.size;
  }

  has(secret: string): boolean {
    return this.#secrets.has(secret);
  }

  add(secret: string): void {
    this.#secrets.add(secret);
    for (const form of plainForms(secret)) this.#addForm(form, PLACE_EVERY);
    for (const form of base64Forms(secret)) this.#addForm(form, PLACE_EVERY_IN_BASE64);
  }

  #addForm(form: string, placeEvery: number): void {
    if (form.length >= SHORTEST_STRETCH) this.#index.add(form, placeEvery);
    else if (form.length >= SHORTEST_TEXT && !this.#shortForms.has(form)) {
      this.#shortForms.add(form);
      this.#short.add(form);
    }
  }

  clean(text: string): string {
    if (this.#secrets.size === 0) return text;
    const withoutLong = without(text, (from) => this.#index.find(text, from));
    return without(withoutLong, (from) => this.#short.find(withoutLong, from));
  }

  cleanWord(text: string): string {
    return without(text, (from) => this.#index.find(text, from, LONGER_THAN_WORDS));
  }
}

/** @param find the first stretch behind a place that is to go */
const without = (text: string, find: (from: number) => Stretch | null): string => {
  let found = find(0);
  if (found === null) return text;
  let cleaned = "";
  let from = 0;
  for (; found !== null; found = find(from)) {
    cleaned += `${text.slice(from, found.from)}${REDACTED}`;
    from = found.to;
  }
  return cleaned + text.slice(from);
};

/** What of a value is secret by itself: it without its scheme, and each line of a key in PEM, whose breaks get lost. */
const partsOf = (secret: string): readonly string[] =>
  secret
    .replace(/^\s*(?:bearer|basic|token|apikey)\s+/i, "")
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("-----"));

/** How others write it: in JSON, in JSON that is a text in JSON, in a URL. */
const plainForms = (secret: string): ReadonlySet<string> => {
  // A lone surrogate has no form in UTF-8, where a URL takes its bytes from.
  const inUrl = encodeURIComponent(secret.toWellFormed());
  const inJson = jsonForm(secret);
  return new Set([secret, inJson, jsonForm(inJson), inUrl, inUrl.replaceAll("%20", "+")]);
};

const jsonForm = (text: string): string => JSON.stringify(text).slice(1, -1);

/** In base64 by itself or behind something else, as `Basic` has a password. */
const base64Forms = (secret: string): ReadonlySet<string> =>
  new Set([0, 1, 2].flatMap((before) => base64Behind(secret, before)));

/**
 * @param before bytes that stand before the secret, modulo three: they decide how it is cut
 * @returns the part that does not depend on what stands before and behind
 */
const base64Behind = (secret: string, before: number): readonly string[] => {
  const bytes = Buffer.from(`${"x".repeat(before)}${secret}`);
  const first = before === 0 ? 0 : 4;
  const last = Math.floor(bytes.length / 3) * 4;
  return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(first, last));
};
