/** What a source file imports, types included, and whether its room may. Reads text, resolves nothing on disk. */
import { dirname, join } from "node:path/posix";

export interface RoomTable {
  /** What a room may import beside itself. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** Packages that only these rooms or folders may import. */
  readonly keptPackages: Readonly<Record<string, readonly string[]>>;
}

/** Statements start a line in formatted code; `import("x")` stands anywhere, in types too. */
const IMPORTS = [
  /^\s*(?:import|export)\s[^;"']*?\bfrom\s*["']([^"']+)["']/gm,
  /^\s*import\s*["']([^"']+)["']/gm,
  /\bimport\s*\(\s*["']([^"']+)["']/g,
  /\brequire\s*\(\s*["']([^"']+)["']/g,
  /\bnew URL\(\s*["'](\.[^"']+\.[cm]?[jt]s)["']/g,
];

export const importsOf = (source: string): string[] =>
  IMPORTS.flatMap((pattern) => [...source.matchAll(pattern)].flatMap((found) => found[1] ?? []));

/**
 * @param path of the file, relative to the project, with forward slashes
 * @returns one sentence for each import that the table does not allow
 */
export const wrongImports = (path: string, source: string, table: RoomTable): string[] =>
  importsOf(source).flatMap((specifier) => {
    const wrong = specifier.startsWith(".") ? wrongRoom(path, specifier, table) : wrongPackage(path, specifier, table);
    return wrong === null ? [] : `${path} imports ${specifier}: ${wrong}`;
  });

const wrongRoom = (path: string, specifier: string, { rooms }: RoomTable): string | null => {
  const target = join(dirname(path), specifier);
  if (!target.includes("/")) return null; // a file of the project's root, such as package.json
  const from = roomOf(path);
  const to = roomOf(target);
  if (from === to || rooms[from]?.includes(to)) return null;
  return to in rooms ? `${from} may not import ${to}` : `${to} is not a room`;
};

const wrongPackage = (path: string, specifier: string, { keptPackages }: RoomTable): string | null => {
  const kept = Object.keys(keptPackages).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (kept === undefined) return null;
  const places = keptPackages[kept] ?? [];
  return places.some((place) => path.startsWith(`${place}/`)) ? null : `only ${places.join(", ")} may`;
};

const roomOf = (path: string): string => path.split("/", 1)[0] ?? "";
