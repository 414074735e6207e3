/**
 * The grammar of a series of metrics in the Prometheus text format, `name{label="value",…}`: as loadtest.yaml asks for one,
 * and as a page has it.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */

export interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** What stands behind it. */
  readonly rest: string;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const OPENING = /\s*\{\s*/y;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\[\\"n])*)"\s*(?:,\s*|(?=\}))/y;
const ESCAPED = /\\([\\"n])/g;

/** @returns null for what does not begin with a series */
export const readSeries = (text: string): Series | null => {
  let at = 0;
  const next = (part: RegExp): RegExpExecArray | null => {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found !== null) at = part.lastIndex;
    return found;
  };
  const name = next(NAME)?.[0];
  if (name === undefined) return null;
  const labels = new Map<string, string>();
  if (next(OPENING) !== null) {
    for (let label = next(LABEL); label !== null; label = next(LABEL)) {
      labels.set(
        label[1] ?? "",
        (label[2] ?? "").replace(ESCAPED, (_, char: string) => (char === "n" ? "\n" : char)),
      );
    }
    if (text[at] !== "}") return null;
    at += 1;
  }
  return { name, labels, rest: text.slice(at) };
};

/** True for a whole series and nothing behind it: what can be asked for. */
export const isSeries = (text: string): boolean => readSeries(text)?.rest.trim() === "";
