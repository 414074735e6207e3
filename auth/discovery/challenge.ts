/**
 * What a server's `www-authenticate` header says (RFC 9110, section 11.6.1). The header is a stranger's text: it is
 * read up to a limit, and whatever does not fit the grammar ends the reading, not the program.
 */

export interface Challenge {
  /** In lower case: `bearer`, `dpop`, `basic`. */
  readonly scheme: string;
  /** RFC 6750, section 3.1: `invalid_token`, `insufficient_scope`; null when the server does not say. */
  readonly error: string | null;
  /** The scopes that the resource wants, parted by blanks (RFC 6750, section 3); null when it does not say. */
  readonly scope: string | null;
  /** RFC 9728, section 5.1. One that occurs twice is somebody else's addition: who follows it takes exactly one. */
  readonly resourceMetadata: readonly string[];
}

/** Node itself ends headers at 16 KiB. */
const LONGEST = 16_384;

/**
 * @param header its value, several headers joined by a comma
 * @returns the Bearer challenges joined into one (the first word on an error and a scope counts), else the first
 * challenge; null when there is none
 */
export const parseChallenge = (header: string | null): Challenge | null => {
  const all = header === null ? [] : challengesOf(header.slice(0, LONGEST));
  const bearer = all.filter(({ scheme }) => scheme === "bearer");
  const told = bearer.length > 0 ? bearer : all.slice(0, 1);
  const [first] = told;
  if (first === undefined) return null;
  const values = (name: string): string[] =>
    told.flatMap(({ params }) => params.filter((param) => param.name === name).map(({ value }) => value));
  return {
    scheme: first.scheme,
    error: printable(values("error")[0]),
    scope: scopesIn(values("scope")[0] ?? "").join(" ") || null,
    resourceMetadata: values("resource_metadata"),
  };
};

/**
 * Whether the server knows the token and wants it to reach further (RFC 6750, section 3.1).
 * @returns the scopes that it asks for, null in it when it does not say which; null when it is about something else
 */
export const insufficientScope = (header: string | null): { readonly scope: string | null } | null => {
  const challenge = parseChallenge(header);
  return challenge?.error === "insufficient_scope" ? { scope: challenge.scope } : null;
};

/** The scopes of a list, each once. RFC 6749, section 3.3, says what a scope is made of; anything else is left out. */
export const scopesIn = (list: string): readonly string[] => [
  ...new Set(list.split(" ").filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,500}$/.test(scope))),
];

interface Param {
  readonly name: string;
  readonly value: string;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SCHEME = new RegExp(`[\\s,]*(${TOKEN})(?=\\s|,|$)[ \\t]*`, "y");
const PARAM = new RegExp(`[\\s,]*(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")(?=[\\s,]|$)`, "y");
/** What `Negotiate` and its like carry instead of parameters. Nobody here reads it. */
const TOKEN68 = /[0-9A-Za-z._~+/-]+=*[ \t]*(?=,|$)/y;

const challengesOf = (text: string): { scheme: string; params: Param[] }[] => {
  const challenges: { scheme: string; params: Param[] }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    const scheme = take(SCHEME)?.[1];
    if (scheme === undefined) return challenges;
    const params: Param[] = [];
    let param = take(PARAM);
    if (param === null) take(TOKEN68);
    while (param !== null) {
      const [, name = "", plain, quoted = ""] = param;
      params.push({ name: name.toLowerCase(), value: plain ?? quoted.replace(/\\(.)/g, "$1") });
      param = take(PARAM);
    }
    challenges.push({ scheme: scheme.toLowerCase(), params });
  }
};

const printable = (text: string | undefined): string | null =>
  text !== undefined && /^[\x20-\x7e]{1,100}$/.test(text) ? text : null;
