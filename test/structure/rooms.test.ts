import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf, wrongImports } from "./imports.ts";
import table from "./rooms.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCE = /\.(?:ts|mts|mjs|js)$/;

const sources = Object.keys(table.rooms).flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .map((path) => `${room}/${path.replaceAll("\\", "/")}`)
    .filter((path) => SOURCE.test(path) && !path.includes("/node_modules/")),
);

describe("the rooms", () => {
  test("import only what the table allows", () => {
    expect(sources.flatMap((path) => wrongImports(path, read(path), table))).toEqual([]);
  });

  test("are all in the table", () => {
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map((entry) => entry.name)
      .filter((name) => readdirSync(join(ROOT, name)).some((path) => SOURCE.test(path)));
    expect(folders.filter((name) => name !== "dist" && !(name in table.rooms))).toEqual([]);
  });

  test("make no circle", () => {
    const reachable = (room: string, seen: ReadonlySet<string> = new Set()): boolean =>
      allowedOf(room).some((next) => seen.has(next) || reachable(next, new Set([...seen, next])));
    // test and bench may import each other, everything else is a tree.
    const inner = Object.keys(table.rooms).filter((room) => room !== "test" && room !== "bench");
    expect(inner.filter((room) => reachable(room, new Set([room])))).toEqual([]);
  });

  test("have no file whose name says nothing", () => {
    const names = sources.filter((path) => table.refusedNames.includes(basename(path).replace(SOURCE, "")));
    expect(names).toEqual([]);
  });

  test("are read at all: every room of the product has sources with imports", () => {
    for (const room of ["config", "record", "auth", "bridge", "demo", "scripts"]) {
      const imports = sources.filter((path) => path.startsWith(`${room}/`)).flatMap((path) => importsOf(read(path)));
      expect(imports.length, room).toBeGreaterThan(0);
    }
  });
});

describe("the check", () => {
  test.each([
    ["a value", 'import { serve } from "../bridge/serve.ts";'],
    ["a type", 'import type { Serve } from "../bridge/serve.ts";'],
    ["over several lines", 'import {\n  one,\n  type Two,\n} from "../bridge/serve.ts";'],
    ["for its effect", 'import "../bridge/serve.ts";'],
    ["by re-export", 'export * from "../bridge/serve.ts";'],
    ["when needed", 'const { serve } = await import("../bridge/serve.ts");'],
    ["in a type", 'let serve: import("../bridge/serve.ts").Serve;'],
    ["as a worker", 'new Worker(new URL("../bridge/serve.ts", import.meta.url));'],
  ])("finds an import against the arrows: %s", (_how, source) => {
    expect(wrongImports("config/settings.ts", source, table)).toEqual([
      "config/settings.ts imports ../bridge/serve.ts: config may not import bridge",
    ]);
  });

  test("finds the SDK outside of its folders", () => {
    const source = 'import type { Client } from "@modelcontextprotocol/client";';
    expect(wrongImports("bridge/operations.ts", source, table)).toHaveLength(1);
    expect(wrongImports("bridge/mcp/session.ts", source, table)).toEqual([]);
    const deep = 'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";';
    expect(wrongImports("bridge/mcp/session.ts", deep, table)).toHaveLength(1);
  });

  test("finds a folder that is no room", () => {
    expect(wrongImports("bridge/bridge.ts", 'import { x } from "../shared/x.ts";', table)).toEqual([
      "bridge/bridge.ts imports ../shared/x.ts: shared is not a room",
    ]);
  });

  test("allows its own room, the rooms below, packages and files of the root", () => {
    const source = [
      'import { METHODS } from "../mcp-session.ts";',
      'import { REASONS } from "../../record/reason.ts";',
      'import { z } from "zod";',
      'import manifest from "../../package.json" with { type: "json" };',
    ].join("\n");
    expect(importsOf(source)).toHaveLength(4);
    expect(wrongImports("bridge/link/link.ts", source, table)).toEqual([]);
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function allowedOf(room: string): readonly string[] {
  return (table.rooms as Readonly<Record<string, readonly string[]>>)[room] ?? [];
}
