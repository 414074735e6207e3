/**
 * The thread in which a stranger's schema is compiled and run. Neither a pattern that takes for ever nor a list of a thousand
 * million items reaches the bridge's own thread: who asked ends this one when it takes too long, and its memory is bounded.
 */

import { parentPort } from "node:worker_threads";
import { ArgumentsError, type ArgumentsFault } from "./arguments-error.ts";
import { type Arguments, CompiledSchema } from "./compiled-schema.ts";

export interface Wanted {
  /** The schema as JSON, within its bounds (schema-bounds.ts). */
  readonly text: string;
  readonly seed: number;
  readonly count: number;
}

export type Made =
  | { readonly arguments: readonly Arguments[] }
  | { readonly fault: ArgumentsFault; readonly why?: string | undefined };

/** `ready`: once, when all is loaded. */
export type Said = Made | "ready";

/** As many as the tools of a few servers. */
const MOST_COMPILED = 256;

export const runArgumentsThread = (): void => {
  const compiled = new Map<string, CompiledSchema>();
  parentPort?.on("message", (wanted: Wanted) => parentPort?.postMessage(made(wanted, compiled)));
  parentPort?.postMessage("ready" satisfies Said);
};

const made = ({ text, seed, count }: Wanted, compiled: Map<string, CompiledSchema>): Made => {
  try {
    const known = compiled.get(text) ?? new CompiledSchema(JSON.parse(text));
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(text, known);
    return { arguments: Array.from({ length: count }, (_, index) => known.make((seed + index) >>> 0)) };
  } catch (error) {
    if (!(error instanceof ArgumentsError)) throw error;
    return { fault: error.code, why: error.detail.why };
  }
};
