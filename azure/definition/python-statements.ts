/**
 * A Python source as its simple statements: what stands on lines of its own, behind `;` and behind the `:` of a condition, with
 * lines that go on put together. It is no parser: it only knows where statements, texts and comments begin and end.
 */

export interface PythonStatement {
  /** Of its first character, from 1. */
  readonly line: number;
  /** On one line; each text in it is `""`. */
  readonly code: string;
  /** Those texts as they are written, without quotes. */
  readonly texts: readonly string[];
}

/** A text in quotes, a comment, a line that goes on, or one character. What is not closed ends with its line, or the file. */
const TOKEN =
  /("""|''')((?:\\[\s\S]|(?!\1)[\s\S])*)(?:\1|$)|(["'])((?:\\[\s\S]|(?!\3)[^\\\n])*)\3?|#[^\n]*|\\\r?\n|[\s\S]/g;

const OPENING = new Set("([{");
const CLOSING = new Set(")]}");

export const pythonStatements = (source: string): PythonStatement[] => {
  const statements: PythonStatement[] = [];
  let [line, depth, code, texts, begin] = [1, 0, "", [] as string[], 1];
  const end = (): void => {
    if (code.trim() !== "") statements.push({ line: begin, code: code.trim(), texts });
    [code, texts] = ["", []];
  };
  for (const [token, long, longText, quote, shortText] of source.matchAll(TOKEN)) {
    if (code.trim() === "") begin = line;
    if (OPENING.has(token)) depth += 1;
    if (CLOSING.has(token)) depth = Math.max(0, depth - 1);
    if (long !== undefined || quote !== undefined) {
      code += '""';
      texts.push(longText ?? shortText ?? "");
    } else if (depth === 0 && (token === "\n" || token === ";" || token === ":")) end();
    else if (!token.startsWith("#")) code += /\s/.test(token) ? " " : token;
    line += token.split("\n").length - 1;
  }
  end();
  return statements;
};
