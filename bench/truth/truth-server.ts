/** The bench's handle on the truth server, a Python program of its own: only there can the kernel be asked for its stamps. */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BenchError } from "../bench-error.ts";
import { startChild } from "../children.ts";
import type { Kind } from "./kinds.ts";

const PROGRAM = fileURLToPath(new URL("server/truth_server.py", import.meta.url));

/**
 * A numbered call, in ns of the wall clock: the kernel had the request's last byte, the server read it, and the moments
 * before and after the write of the answer's last byte.
 */
export type TrueCall = readonly [
  number: number,
  receivedNs: number,
  readNs: number,
  beforeWriteNs: number,
  afterWriteNs: number,
];

export interface ServerRecord {
  readonly calls: readonly TrueCall[];
  /** When it stood still, ns; null when it did not. */
  readonly frozen: readonly [fromNs: number, toNs: number] | null;
  /** By how much somebody set the machine's clock meanwhile. */
  readonly clockSetMs: number;
}

export interface Behaviour {
  readonly kind: Kind;
  readonly seed: number;
  /** After the first numbered call. */
  readonly freezeAfterMs: number;
  readonly freezeMs: number;
}

export interface TruthServer {
  readonly url: string;
  /** `kernel`, or `read` where the system stamps nothing: then the server's own lateness is missing from the truth. */
  readonly stamps: "kernel" | "read";
  /** Begins a new record. */
  begin(behaviour: Behaviour): Promise<void>;
  record(): Promise<ServerRecord>;
}

/** Ends with `endChildren`. @throws {BenchError} GENERATOR_FAILED when it ends before it is asked to */
export const startTruthServer = async (python: string): Promise<TruthServer> => {
  const child = startChild([python, PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdout === null || child.stdin === null) throw new TypeError("the truth server has no pipes");
  const input = child.stdin;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async <Shape>(): Promise<Shape> => {
    const { value, done } = await lines.next();
    if (done === true) throw new BenchError("GENERATOR_FAILED", `${python} ${PROGRAM} ended`);
    return JSON.parse(value) as Shape;
  };
  const ask = <Shape>(question: object): Promise<Shape> => {
    input.write(`${JSON.stringify(question)}\n`);
    return heard<Shape>();
  };
  const { port, stamps } = await heard<{ port: number; stamps: TruthServer["stamps"] }>();
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    stamps,
    begin: async (behaviour) => void (await ask(behaviour)),
    record: () => ask<ServerRecord>({ report: true }),
  };
};
