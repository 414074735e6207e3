/**
 * The second line against secrets in what the bridge writes: it is told every secret, and takes those it finds out of a
 * text. The first line is that nobody puts one into a text (docs/security.md).
 */

import { SecretIndex, SHORTEST_STRETCH } from "./secret-index.ts";

const REDACTED = "[redacted]";
/** Shorter ones would blank out ordinary words. */
const SHORTEST_SECRET = 6;
/** Above any token or key. */
const LONGEST_SECRET = 64 * 1024;
/** Secrets that are never forgotten: what comes first is the configuration's and the clients'. */
const MOST_LASTING = 512;
/** Of the later ones, which are mostly tokens, at least this many of the newest are known and at most twice as many. */
const MOST_RECENT = 2_048;
/** Too short for the index, each of them is searched for alone. */
const MOST_SHORT = 64;

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
      if (one.length < SHORTEST_SECRET || this.#generations().some((generation) => generation.has(one))) continue;
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

  /** The text without secrets; the same text when it holds none. Of a longer secret a piece of 15 characters is enough. */
  clean(text: string): string {
    return this.#generations().reduce((cleaned, generation) => generation.clean(cleaned), text);
  }

  /** The same for one line of JSON, which stays one: secrets are taken out of its texts, numbers are left alone. */
  cleanJson(json: string): string {
    const cleaned = this.clean(json);
    if (cleaned === json) return json;
    try {
      return JSON.stringify(this.cleanValue(JSON.parse(json)));
    } catch {
      // Nested more deeply than can be walked: no longer JSON perhaps, but without the secret.
      return cleaned;
    }
  }

  /** The same for all texts in a value, the keys of objects included. */
  cleanValue<T>(value: T): T;
  cleanValue(value: unknown): unknown {
    if (typeof value === "string") return this.clean(value);
    if (Array.isArray(value)) return value.map((item) => this.cleanValue(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.clean(key), this.cleanValue(item)]));
  }

  #generations(): readonly Generation[] {
    return [this.#lasting, this.#recent, this.#former];
  }
}

/** Secrets that are forgotten together. */
class Generation {
  readonly #secrets = new Set<string>();
  readonly #index = new SecretIndex();
  readonly #short = new Set<string>();

  get size(): number {
    return this.#secrets.size;
  }

  has(secret: string): boolean {
    return this.#secrets.has(secret);
  }

  add(secret: string): void {
    this.#secrets.add(secret);
    for (const form of formsOf(secret)) {
      if (form.length >= SHORTEST_STRETCH) this.#index.add(form);
      else if (form.length >= SHORTEST_SECRET) this.#addShort(form);
    }
  }

  #addShort(form: string): void {
    const [oldest] = this.#short;
    if (this.#short.size >= MOST_SHORT && oldest !== undefined) this.#short.delete(oldest);
    this.#short.add(form);
  }

  clean(text: string): string {
    if (this.#secrets.size === 0) return text;
    let cleaned = this.#withoutLong(text);
    for (const short of this.#short) if (cleaned.includes(short)) cleaned = cleaned.replaceAll(short, REDACTED);
    return cleaned;
  }

  #withoutLong(text: string): string {
    let found = this.#index.find(text);
    if (found === null) return text;
    let cleaned = "";
    let from = 0;
    for (; found !== null; found = this.#index.find(text, from)) {
      cleaned += `${text.slice(from, found.from)}${REDACTED}`;
      from = found.to;
    }
    return cleaned + text.slice(from);
  }
}

/** What of a value is secret by itself: it without its scheme, and each line of a key in PEM, whose breaks get lost. */
const partsOf = (secret: string): readonly string[] =>
  secret
    .replace(/^\s*(?:bearer|basic|token|apikey)\s+/i, "")
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("-----"));

/** How others write it: in JSON, in a URL, in base64 by itself or behind something else, as `Basic` has a password. */
const formsOf = (secret: string): ReadonlySet<string> => {
  // A lone surrogate has no form in UTF-8, where a URL takes its bytes from.
  const inUrl = encodeURIComponent(secret.toWellFormed());
  return new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    inUrl,
    inUrl.replaceAll("%20", "+"),
    ...[0, 1, 2].flatMap((before) => base64Forms(secret, before)),
  ]);
};

/**
 * @param before bytes that stand before the secret, modulo three: they decide how it is cut
 * @returns the part that does not depend on what stands before and behind
 */
const base64Forms = (secret: string, before: number): readonly string[] => {
  const bytes = Buffer.from(`${"x".repeat(before)}${secret}`);
  const first = before === 0 ? 0 : 4;
  const last = Math.floor(bytes.length / 3) * 4;
  return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(first, last));
};
