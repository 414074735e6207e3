import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { ChildSettings } from "../../../config/settings.ts";
import type { Failure } from "../../operation.ts";
import { WireError } from "../../outcome.ts";
import type { Wire } from "../wire.ts";
import type { Carrier } from "./carrier.ts";
import { LastLine } from "./last-line.ts";

const running = new Set<number>();
let isExitWatched = false;

/**
 * A server that is a process: one for each session, started without a shell, ended with its session. It ends by the end of
 * its input, as the protocol wants it, so that none is left when the bridge is killed; the SDK makes an end of one that
 * does not (SIGTERM after 2 s, SIGKILL after 4), and so does the bridge's own exit.
 */
export const childCarrier = (child: ChildSettings, wire: Wire): Carrier => {
  const transport = new StdioClientTransport({
    command: child.command,
    args: [...child.args],
    env: { ...getDefaultEnvironment(), ...child.env },
    cwd: child.cwd,
    stderr: "pipe",
    maxBufferSize: wire.settings.maxAnswerBytes,
  });
  const said = new LastLine();
  transport.stderr?.on("data", (chunk: Buffer) => said.feed(chunk));
  let failure: Failure | null = null;
  let pid: number | null = null;
  let isClosing = false;
  const gone = (): void => {
    if (pid === null) return;
    running.delete(pid);
    pid = null;
    wire.count.closed(!isClosing);
  };
  const carrier: Carrier = {
    failure: () => failure,
    release: gone,
    transport: {
      start: async () => {
        try {
          await transport.start();
        } catch (error) {
          failure = notStarted(error);
          wire.count.failed(new WireError(failure));
          throw error;
        }
        pid = transport.pid;
        wire.count.opened("stdio");
        if (pid !== null) watch(pid);
      },
      send: (message) => {
        wire.count.requests += 1;
        return transport.send(message);
      },
      close: () => {
        isClosing = true;
        return transport.close();
      },
    },
  };
  transport.onmessage = (message) => carrier.transport.onmessage?.(message);
  transport.onerror = ({ message }) => {
    // The SDK ends the process after it, and says it in no other way.
    if (message.includes("exceeded maximum size")) failure ??= { reason: "too-large" };
  };
  transport.onclose = () => {
    failure ??= { reason: "disconnected", detail: `the process ended${lastWords(said.text())}` };
    gone();
    carrier.onLost?.();
  };
  return carrier;
};

const notStarted = (error: unknown): Failure => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  return { reason: "connect", detail: `the program of stdio.command cannot be started (${code})` };
};

/** Nothing may outlive the bridge, however it is told to go. */
const watch = (pid: number): void => {
  running.add(pid);
  if (isExitWatched) return;
  isExitWatched = true;
  process.on("exit", () => {
    for (const each of running) {
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // It has gone by itself.
      }
    }
  });
};

const lastWords = (line: string): string => (line === "" ? "" : `; the last it said: ${line}`);
