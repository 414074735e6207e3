/**
 * Changes strings inside the text of a JSON value and leaves every other character as it is: numbers keep their digits,
 * and nothing is too deep for it.
 */

export interface StringCleaner {
  readonly value: (text: string) => string;
  /** Of keys and of the words below: what programs look for. */
  readonly word: (text: string) => string;
  /** Keys of the outermost object whose values are words, too. */
  readonly words: ReadonlySet<string>;
}

/**
 * @param json one valid JSON value
 * @throws {SyntaxError} when a string in it is none of JSON
 */
export const cleanStrings = (json: string, { value, word, words }: StringCleaner): string => {
  let cleaned = "";
  let from = 0;
  let depth = 0;
  let lastKey = "";
  for (let start = json.indexOf('"'); start !== -1; start = json.indexOf('"', from)) {
    const between = json.slice(from, start);
    depth += depthOf(between);
    const end = endOfString(json, start);
    const written = json.slice(start, end);
    const text = textOf(written);
    // In JSON a colon follows keys, and nothing else that is in quotes.
    const isKey = json[behindBlanks(json, end)] === ":";
    const isWord = isKey || (depth === 1 && words.has(lastKey));
    const kept = isWord ? word(text) : value(text);
    cleaned += between + (kept === text ? written : JSON.stringify(kept));
    if (isKey) lastKey = text;
    from = end;
  }
  return cleaned + json.slice(from);
};

/** How much deeper it is behind these characters, none of which is in a string. */
const depthOf = (between: string): number => {
  let depth = 0;
  for (const character of between) {
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
  }
  return depth;
};

/** @returns where the string ends that begins at `start`, its last quote included */
const endOfString = (json: string, start: number): number => {
  for (let quote = json.indexOf('"', start + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  throw new SyntaxError("a string without an end");
};

const textOf = (written: string): string =>
  written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);

const behindBlanks = (json: string, from: number): number => {
  let at = from;
  while (json[at] === " " || json[at] === "\n" || json[at] === "\r" || json[at] === "\t") at += 1;
  return at;
};
