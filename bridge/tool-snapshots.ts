import { createHash } from "node:crypto";
import { MOST_TOOLS, type ToolPrint, type ToolsEvent } from "../record/facts/tools.ts";

/**
 * Fingerprints of the lists of tools that users fetch: no request is made for them. Of each server one list a second at
 * most is looked at, so that a load of `tools/list` costs no more than a few.
 */

const EVERY_MS = 1_000;
/** To take the fingerprint of more would hold the event loop up for longer than a call takes: 50 ms for a megabyte. */
const MOST_BYTES = 256 * 1024;
const LONGEST_NAME = 128;
/** As deep as a schema may be nested; what is deeper is one fingerprint with everything else that is. */
const DEEPEST = 100;
const HEX_DIGITS = 16;

export class ToolSnapshots {
  readonly #lastMs = new Map<string, number>();

  /**
   * @param result of `tools/list`, of whatever shape
   * @param bytes of its answer
   * @param nowMs wall clock
   * @returns null when this list is not looked at
   */
  take(server: string, result: unknown, bytes: number, nowMs: number): ToolsEvent | null {
    const last = this.#lastMs.get(server);
    if (last !== undefined && nowMs - last < EVERY_MS) return null;
    const listed = (result as { tools?: unknown } | null | undefined)?.tools;
    if (!Array.isArray(listed) || bytes > MOST_BYTES) return null;
    this.#lastMs.set(server, nowMs);
    const prints = listed.flatMap(printOf).sort(([one], [other]) => (one < other ? -1 : 1));
    const kept = prints.slice(0, MOST_TOOLS);
    return { server, atMs: nowMs, tools: Object.fromEntries(kept), more: prints.length - kept.length };
  }
}

const printOf = (tool: unknown): [string, ToolPrint][] => {
  if (typeof tool !== "object" || tool === null) return [];
  const { name, inputSchema, outputSchema, title, description, annotations } = tool as Record<string, unknown>;
  if (typeof name !== "string" || name === "") return [];
  return [
    [
      keptName(name),
      { schema: hashOf([inputSchema, outputSchema]), description: hashOf([title, description, annotations]) },
    ],
  ];
};

/** Of a longer name the beginning, and a fingerprint: two that begin alike are two tools. */
const keptName = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1 - HEX_DIGITS)}~${hashOf(name)}`;

/** The order of an object's keys means nothing, and servers change it from one answer to the next. */
const hashOf = (value: unknown): string =>
  createHash("sha256").update(normalised(value, 0)).digest("hex").slice(0, HEX_DIGITS);

const normalised = (value: unknown, depth: number): string => {
  if (depth > DEEPEST) return "deeper";
  if (Array.isArray(value)) return `[${value.map((each) => normalised(each, depth + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "absent";
  const keys = Object.keys(value).sort();
  const fields = value as Readonly<Record<string, unknown>>;
  return `{${keys.map((key) => `${JSON.stringify(key)}:${normalised(fields[key], depth + 1)}`).join(",")}}`;
};
