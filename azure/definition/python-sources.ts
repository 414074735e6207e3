/**
 * Which files a locustfile needs beside it: the modules that it imports and the data files that it names, found by reading
 * the text. Python itself is not started: importing a locustfile runs it.
 */

import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { isFile } from "../../config/find-file.ts";
import { readBeginning, unusableFile } from "./local-file.ts";
import { type PythonImport, pythonImports } from "./python-imports.ts";

/** A folder of this name on Python's path goes up as a whole. multi.py puts it there; a locustfile inside it has it by itself. */
const FOLDER = "locustfiles";

/** A name with an ending in quotes may be a data file. */
const QUOTED = /(["'])([\w][\w .-]{0,120}\.[A-Za-z0-9]{1,10})\1/g;
/** One with a folder before it. */
const QUOTED_PATH = /(["'])((?:\.\/)?[\w][\w .-]{0,120}\/[\w ./-]{0,200}\.[A-Za-z0-9]{1,10})\1/g;
/** The module whose class stands for all servers that have `traffic` in `loadtest.yaml`. */
const TRAFFIC_MODULE = "traffic_user.py";
/** Examples in them are no classes. */
const LONG_TEXT = /("""|''')[\s\S]*?\1/g;
/** `server = "github"` in a user class. */
const SERVER = /^[ \t]+server(?:[ \t]*:[ \t]*str)?[ \t]*=[ \t]*["']([a-z0-9-]+)["']/gm;

/** A locustfile's own text is small; what is larger is data. */
const LARGEST_SOURCE_BYTES = 4 * 1024 * 1024;

export interface PythonSources {
  /** Absolute, the locustfile not among them: its folder of locustfiles as a whole, and what else is imported or named. */
  readonly files: readonly string[];
  /** Servers of the user classes in the locustfile and in what it imports; empty when none could be read. */
  readonly servers: ReadonlySet<string>;
  /** Whether the servers with `traffic` in `loadtest.yaml` get users, too. */
  readonly runsTraffic: boolean;
  /** Imported modules that are folders, which an engine does not have. */
  readonly packages: ReadonlySet<string>;
  /** Imported modules that are neither files nor folders here: Python's own, those of packages, and missing ones. */
  readonly elsewhere: readonly (PythonImport & { readonly source: string })[];
  /** Of the files those that are here only since a text in a source is their name. */
  readonly named: readonly string[];
  /** Files that are named with a folder, which an engine does not have, each with the source that names it. */
  readonly paths: readonly { readonly source: string; readonly path: string }[];
}

/**
 * @param locustfile absolute; it is there
 * @param isOurs true for a name that the upload folder gives to a file of its own
 * @throws {AzureError} AZURE_FILE when a source or a folder cannot be read
 */
export const pythonSources = (locustfile: string, isOurs: (name: string) => boolean): PythonSources => {
  const home = dirname(locustfile);
  const folder = basename(home) === FOLDER ? home : join(home, FOLDER);
  const places = new Set([home, folder]);
  const servers = new Set<string>();
  const paths: { source: string; path: string }[] = [];
  const found = new Set<string>();
  const named = new Set<string>();
  const imported = new Set<string>();
  let elsewhere: (PythonImport & { readonly source: string })[] = [];
  const waiting = [locustfile];
  const follow = (all: typeof elsewhere): typeof elsewhere =>
    all.filter(({ module }) => {
      const there = [...places].map((place) => join(place, `${module}.py`)).find(isFile);
      if (there === undefined) return true;
      imported.add(there);
      waiting.push(there);
      return false;
    });
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    if (extname(path) !== ".py") continue;
    const text = readBeginning(path, LARGEST_SOURCE_BYTES);
    for (const [, server = ""] of text.replaceAll(LONG_TEXT, "").matchAll(SERVER)) servers.add(server);
    const { imports, folders } = pythonImports(text, dirname(path));
    const source = basename(path);
    const known = places.size;
    for (const place of folders) places.add(place);
    // What an earlier source did not find may lie in a folder that this one names.
    if (places.size > known) elsewhere = follow(elsewhere);
    elsewhere.push(...follow(imports.map((one) => ({ ...one, source }))));
    for (const [, , name = ""] of text.matchAll(QUOTED_PATH)) {
      if (isFile(join(dirname(path), name))) paths.push({ source: basename(path), path: name });
    }
    for (const there of namedFiles(text, dirname(path), isOurs)) {
      named.add(there);
      waiting.push(there);
    }
  }
  const packages = new Set(
    elsewhere
      .map(({ module }) => module)
      .filter((module) => [...places].some((place) => isPackage(join(place, module)))),
  );
  elsewhere = elsewhere.filter(({ module }) => !packages.has(module));
  const wholly = [...places].filter((place) => basename(place) === FOLDER);
  for (const path of [locustfile, ...imported, ...wholly.flatMap(filesBelow)]) {
    found.add(path);
    named.delete(path);
  }
  found.delete(locustfile);
  const runsTraffic = [...imported].some((path) => basename(path) === TRAFFIC_MODULE);
  return { files: [...found].sort(), named: [...named].sort(), servers, runsTraffic, packages, paths, elsewhere };
};

const isPackage = (folder: string): boolean => {
  try {
    return readdirSync(folder).some((name) => extname(name) === ".py");
  } catch {
    return false; // mostly a module of Python's or of a package: there is no such folder
  }
};

/** As locustfiles/feeders.py finds them: beside the file that names them. */
const namedFiles = (text: string, folder: string, isOurs: (name: string) => boolean): string[] =>
  [...text.matchAll(QUOTED)]
    .map(([, , name = ""]) => name)
    .filter((name) => !isOurs(name))
    .map((name) => join(folder, name))
    .filter(isFile);

/** What Python, editors and systems leave behind is not the test's. */
const isOfNoUse = (name: string): boolean => name.startsWith(".") || name === "__pycache__" || /\.py[co]$/.test(name);

const filesBelow = (folder: string): string[] => {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return []; // a project without that folder
    throw unusableFile(folder, error);
  }
  return entries
    .filter(({ name }) => !isOfNoUse(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return isFile(path) ? [path] : [];
    });
};

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true });
