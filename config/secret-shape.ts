/**
 * Tells by its name or its look whether a text is probably a secret. Used to refuse secrets that are written into a
 * file, and to keep them out of messages. Errs on the side of secrecy.
 */

/** `author` and `tokenizer` are none. */
const SECRET_WORDS =
  /auth(?!ors?(?![a-z]))|cookie|token(?!i[sz])|secret|passw|credential|api[-_]?key|subscription-key|access[-_]?key|signature/i;
const SECRET_NAMES = new Set(["key", "code", "sig", "pwd", "x-key"]);
/** `ADO_PAT`, `MYPW`, `DB_PASS`: as a part, or where it ends. `PATH`, `BYPASS` and `COMPASS` are none. */
const SHORT_WORDS = /(?:^|[_-])(?:pat|pwd?)(?:[_-]|$)|(?:pwd?|(?<!by|com)pass)$/i;

/** True for the name of a header, variable or query parameter that usually carries a secret. */
export const isSecretName = (name: string): boolean =>
  SECRET_WORDS.test(name) || SHORT_WORDS.test(name) || SECRET_NAMES.has(name.toLowerCase());

/** Beginnings that issuers give their tokens, so that they can be recognised. */
const ISSUED =
  /(?:\b(?:gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|pk-|rk_live_|sk_live_|ctx7sk|AKIA|ASIA|AIza|npm_|pypi-|hf_)[\w-]{8,})|\beyJ[\w-]{8,}\.[\w-]+|^\s*(?:bearer|basic)\s+\S{6,}/i;

/** A run without a break that mixes letters and digits is random, not a word; 32 is an API key of 128 bits in hex. */
const UNBROKEN = /[A-Za-z0-9]{32,}/;

/** True for a text that is, or holds, something that looks like a token. */
export const looksLikeToken = (text: string): boolean => ISSUED.test(text) || looksRandom(text);

const looksRandom = (text: string): boolean => {
  const run = UNBROKEN.exec(text)?.[0] ?? "";
  return /[A-Za-z]/.test(run) && /\d/.test(run);
};
