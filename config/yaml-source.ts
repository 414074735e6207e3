/**
 * Reads YAML into plain values and remembers where each stood. Takes the small, harmless part of YAML that a
 * configuration needs; its work is bounded whatever the text (aliases that multiply, nesting, huge maps).
 */

import {
  type Alias,
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Fault, Path } from "./fault.ts";

export interface YamlSource {
  /** Maps have no prototype, so no key can reach one. */
  readonly value: unknown;
  /** Where a key stands; for a path that is not there, the nearest one above it that is. */
  readonly placeOf: (path: Path) => { readonly line: number; readonly column: number };
}

/** Far above any real file; an alias bomb ends here. */
const MOST_VALUES = 20_000;
/** Arguments of a call that is one of several in a chain begin at 10. */
const DEEPEST = 32;
const MOST_ALIASES = 100;

/** Names that mean something else to JavaScript. */
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** The parser's own messages quote the text, which may hold a secret; these do not. */
const SYNTAX = {
  ALIAS_PROPS: "an alias (*name) cannot have an anchor or a tag",
  BAD_ALIAS: "this alias (*name) has no anchor (&name) before it",
  BAD_COLLECTION_TYPE: "this tag does not fit what follows it",
  BAD_DIRECTIVE: "this directive (%) is not known",
  BAD_DQ_ESCAPE: "this escape in a double-quoted text is not known",
  BAD_INDENT: "the indentation does not fit the lines before",
  BAD_PROP_ORDER: "an anchor or tag stands in the wrong place",
  BAD_SCALAR_START: "a text cannot begin with this character: put it into quotes",
  BLOCK_AS_IMPLICIT_KEY: "a nested map cannot start on the same line: begin a new, indented one",
  BLOCK_IN_FLOW: "an indented block cannot stand inside { } or [ ]",
  DUPLICATE_KEY: "this key is there twice",
  IMPOSSIBLE: "this is not YAML",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a character is missing here: a quote, a bracket, a comma, or a space after ':'",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line",
  MULTIPLE_ANCHORS: "a value has two anchors",
  MULTIPLE_DOCS: "only one document is allowed (no second ---)",
  MULTIPLE_TAGS: "a value has two tags",
  NON_STRING_KEY: "a key must be text",
  RESOURCE_EXHAUSTION: "is nested too deeply",
  TAB_AS_INDENT: "a tab indents this line: use spaces",
  TAG_RESOLVE_FAILED: "tags (!name) are not supported",
  UNEXPECTED_TOKEN: "this does not belong here",
} as const satisfies Record<ErrorCode, string>;

/** @returns what the text says, or what is wrong with it as YAML */
export const readYaml = (text: string): YamlSource | { readonly faults: readonly Fault[] } => {
  const lineCounter = new LineCounter();
  // `uniqueKeys` compares each key with each other one; Walk finds duplicates in linear time.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: "error" });
  const broken = [...document.errors, ...document.warnings];
  const walk = new Walk(document, lineCounter);
  if (broken.length > 0) {
    return { faults: broken.map(({ code, pos }) => ({ ...walk.placeAt(pos[0]), path: [], sentence: SYNTAX[code] })) };
  }
  const value = walk.plain(document.contents, []);
  if (walk.faults.length > 0) return { faults: walk.faults };
  return { value, placeOf: (path) => walk.placeOf(path) };
};

/** One pass over the parsed tree. Follows aliases itself, so that what they multiply counts against the limits. */
class Walk {
  readonly faults: Fault[] = [];
  readonly #places = new Map<string, number>();
  readonly #document: Document.Parsed;
  readonly #lineCounter: LineCounter;
  #values = 0;
  #aliases = 0;

  constructor(document: Document.Parsed, lineCounter: LineCounter) {
    this.#document = document;
    this.#lineCounter = lineCounter;
  }

  placeAt(offset: number): { line: number; column: number } {
    const { line, col } = this.#lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  placeOf(path: Path): { line: number; column: number } {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#places.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return this.placeAt(offset);
    }
    return { line: 1, column: 1 };
  }

  plain(node: unknown, path: Path): unknown {
    this.#values += 1;
    if (this.#values > MOST_VALUES) return this.#refuse(node, path, "the file holds too many values");
    if (path.length > DEEPEST) return this.#refuse(node, path, SYNTAX.RESOURCE_EXHAUSTION);
    if (isAlias(node)) return this.#followed(node, path);
    if (isMap(node)) return this.#map(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.plain(item, this.#at(item, [...path, index])));
    return isScalar(node) ? node.value : null;
  }

  #followed(alias: Alias, path: Path): unknown {
    this.#aliases += 1;
    // Resolving one looks through the whole document.
    if (this.#aliases > MOST_ALIASES) return this.#refuse(alias, path, "the file holds too many aliases (*name)");
    const meant = alias.resolve(this.#document);
    return meant === undefined ? this.#refuse(alias, path, SYNTAX.BAD_ALIAS) : this.plain(meant, path);
  }

  #map(map: YAMLMap, path: Path): unknown {
    const plain: Record<string, unknown> = Object.create(null);
    for (const { key, value } of map.items) {
      const name = isScalar(key) && key.value !== null ? String(key.value) : null;
      if (name === null) {
        this.#refuse(key, path, SYNTAX.NON_STRING_KEY);
        continue;
      }
      const below = this.#at(key, [...path, name]);
      if (FORBIDDEN_KEYS.has(name)) this.#refuse(key, below, "is not allowed as a name");
      else if (name in plain) this.#refuse(key, below, SYNTAX.DUPLICATE_KEY);
      else plain[name] = this.plain(value, below);
    }
    return plain;
  }

  /** Notes where a path stands; the first place counts (the same key again is a fault of its own). */
  #at(node: unknown, path: Path): Path {
    const offset = startOf(node);
    const key = pathKey(path);
    if (offset !== undefined && !this.#places.has(key)) this.#places.set(key, offset);
    return path;
  }

  #refuse(node: unknown, path: Path, sentence: string): null {
    const place = this.placeAt(startOf(node) ?? 0);
    // Once a limit is passed every further value passes it too.
    if (this.faults.at(-1)?.sentence !== sentence) this.faults.push({ ...place, path, sentence });
    return null;
  }
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const pathKey = (path: Path): string => JSON.stringify(path.map(String));
