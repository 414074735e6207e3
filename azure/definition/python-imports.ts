/** What a Python source imports, and which folders it has Python look in for it. */

import { statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { type PythonStatement, pythonStatements } from "./python-statements.ts";

export interface PythonImport {
  /** Its first part: `a` of `a.b`. */
  readonly module: string;
  readonly line: number;
}

export interface PythonImports {
  readonly imports: readonly PythonImport[];
  /** Absolute, there, without repeats. */
  readonly folders: readonly string[];
}

/** @param folder absolute, of the source */
export const pythonImports = (source: string, folder: string): PythonImports => {
  const statements = pythonStatements(source);
  return {
    imports: statements.flatMap(({ code, line }) => importedModules(code).map((module) => ({ module, line }))),
    folders: [...new Set(statements.flatMap((statement) => addedFolder(statement, folder)))],
  };
};

const importedModules = (code: string): string[] => {
  const from = /^from +([A-Za-z_]\w*)[\w. ]* import\b/.exec(code);
  if (from !== null) return [from[1] ?? ""];
  const plain = /^import +(.+)$/.exec(code);
  return (plain?.[1] ?? "").split(",").flatMap((one) => /^ *([A-Za-z_]\w*)/.exec(one)?.[1] ?? []);
};

const ADDS = /\bsys\.path\.(?:insert|append|extend)\b|\bsys\.path *(?:\+=|=|\[)/;

/**
 * `sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))` and its like: the texts in it are the way down, each
 * `parent` and `dirname` after the first one step up. What a variable holds is not known: then it is looked for near by.
 */
const addedFolder = ({ code, texts }: PythonStatement, folder: string): string[] => {
  if (!ADDS.test(code)) return [];
  const steps = [...code.matchAll(/\.parent\b|\bdirname\b/g)].length - 1;
  const more = [...code.matchAll(/\.parents *\[ *(\d) *\]/g)].reduce((sum, [, count]) => sum + Number(count) + 1, 0);
  const up = Array<string>(Math.max(0, steps + more)).fill("..");
  const [first = ""] = texts;
  const relative = [join(folder, ...up), folder, dirname(folder)].map((place) => join(place, ...texts));
  // `dirname(__file__) + "/shared"` only looks like the root's.
  const places = isAbsolute(first) ? [join(...texts), ...relative] : relative;
  return places.filter(isFolder).slice(0, 1);
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false; // not to be looked at: none for us
  }
};
