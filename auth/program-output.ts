/** Reads what a program printed as a token: a bare one, or JSON with its end, as the tools of the clouds print it. */

import { AuthError } from "./auth-error.ts";
import { headerToken } from "./header-token.ts";
import { guessedLifeMs } from "./jwt-life.ts";
import type { Token } from "./token.ts";

const TOKEN_KEYS = ["access_token", "accessToken", "token"];
/** Seconds from now. */
const LIFE_KEYS = ["expires_in", "expiresIn"];
/** A moment: seconds since 1970, or a date. The first of them wins: `az` prints `expiresOn` without its time zone. */
const END_KEYS = ["expires_on", "expiresOn", "expirationTimestamp"];

interface Rules {
  readonly format: "auto" | "text" | "json";
  /** How long it lives when the output does not say. */
  readonly livesMs: number | null;
  /** Its name, for errors. */
  readonly program: string;
  /** Wall clock. */
  readonly nowMs: number;
}

/** @throws {AuthError} AUTH_COMMAND, AUTH_UNUSABLE; never quotes the output */
export const readProgramOutput = (output: string, rules: Rules): Token => {
  const text = output.trim();
  if (text === "") throw failed(rules, "no output");
  const object = rules.format === "text" ? null : readObject(text, rules);
  const found = object === null ? text : first(object, TOKEN_KEYS);
  if (found === undefined) throw failed(rules, "no token in its JSON");
  const value = typeof found === "string" ? headerToken(found, rules.program) : null;
  if (value === null) throw failed(rules, "the token is empty");
  return { value, ...lifeOf(value, object ?? {}, rules) };
};

/** @returns null when the output is the token itself */
const readObject = (text: string, rules: Rules): Readonly<Record<string, unknown>> | null => {
  const isMaybeJson = /^[{"]/.test(text);
  if (rules.format === "auto" && !isMaybeJson) return null;
  const json = parsed(text);
  // What `az ... --query accessToken` prints without `-o tsv`.
  if (typeof json === "string") return { token: json };
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw failed(rules, "its output is no JSON object");
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error quotes the text, which may hold the token.
    return undefined;
  }
};

const lifeOf = (
  value: string,
  object: Readonly<Record<string, unknown>>,
  { livesMs, nowMs }: Rules,
): Pick<Token, "livesMs" | "isGuess"> => {
  const seconds = toNumber(first(object, LIFE_KEYS));
  if (seconds !== null) return { livesMs: seconds * 1000 };
  const endMs = toDateMs(first(object, END_KEYS));
  // Whose clock made the date is not known, so it never takes a token away (jwt-life.ts says why).
  if (endMs !== null) return { livesMs: endMs > nowMs ? endMs - nowMs : guessedLifeMs(value, nowMs), isGuess: true };
  if (livesMs !== null) return { livesMs };
  return { livesMs: guessedLifeMs(value, nowMs), isGuess: true };
};

const first = (object: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown =>
  keys.map((key) => object[key]).find((value) => value !== undefined && value !== null);

const toNumber = (value: unknown): number | null => {
  const isNumeric = typeof value === "number" || (typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value));
  return isNumeric && Number.isFinite(Number(value)) ? Number(value) : null;
};

const toDateMs = (value: unknown): number | null => {
  const seconds = toNumber(value);
  if (seconds !== null) return seconds * 1000;
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

const failed = ({ program }: Rules, why: string): AuthError => new AuthError("AUTH_COMMAND", { place: program, why });
