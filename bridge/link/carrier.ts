import { once } from "node:events";
import { connect, Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import type { Redactor } from "../redactor.ts";
import { LinkError } from "./link-error.ts";

/** Gets the one stream to Locust's side: inherited where that can be, else a loopback connection with a secret. */

/** How long the other side may take to listen and to hand over the secret. */
const CONNECT_MS = 5_000;

/** The socketpair's end that Python left open for us. */
export const inheritedStream = (fd: number): Duplex => new Socket({ fd, readable: true, writable: true });

/**
 * Connects to Locust's loopback port and proves with the one-time secret (one line on standard input) that it is us.
 * @throws {LinkError} LINK_REFUSED
 */
export const connectedStream = async (
  port: number,
  input: NodeJS.ReadableStream,
  redactor: Redactor,
): Promise<Duplex> => {
  const signal = AbortSignal.timeout(CONNECT_MS);
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const lines = createInterface({ input });
  try {
    const [[secret]] = await Promise.all([once(lines, "line", { signal }), once(socket, "connect", { signal })]);
    redactor.learn(String(secret));
    socket.write(`${JSON.stringify({ op: "secret", secret })}\n`);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw new LinkError("LINK_REFUSED", { port }, { cause });
  } finally {
    // Standard input must not keep the process alive.
    lines.close();
    input.pause();
    if ("unref" in input && typeof input.unref === "function") input.unref();
  }
};
