/** One recorded run of a bridge with telemetry: a good call, a slow one and one whose tool says no. */
import type { Socket } from "node:net";
import { Bridge, type StartMessage } from "../../../bridge/bridge.ts";
import type { CallMessage } from "../../../bridge/link/messages.ts";
import { Redactor } from "../../../bridge/redactor.ts";
import type { TelemetrySettings } from "../../../config/telemetry-settings.ts";
import { serverSettings } from "../../server-settings.ts";
import { faultyAt, json, type RawRequest, textResult } from "../raw-server.ts";

/** Far above what a quick call takes on a machine that does other things as well. */
export const SLOW_MS = 400;
/** What a server quotes; the redactor knows it. */
export const SECRET = "canary-7f3a90c2d15e48b6";

export const telemetry = (over: Partial<TelemetrySettings> = {}): TelemetrySettings => ({
  endpoint: "http://127.0.0.1:1",
  headers: {},
  traces: "slow-and-failed",
  slowMs: SLOW_MS,
  traceContext: false,
  ...over,
});

export interface TracedRun {
  readonly dir: string;
  /** What the server was sent, handshake included. */
  readonly requests: readonly RawRequest[];
  readonly notes: readonly string[];
  /** How long the end of the run took. */
  readonly stopMs: number;
}

/** @param telemetryNote what the configuration has to say of OpenTelemetry's variables */
export const tracedRun = async (
  settings: TelemetrySettings | undefined,
  resultsRoot: string,
  telemetryNote?: string,
): Promise<TracedRun> => {
  const answer = ({ rpc: { id, params } }: RawRequest, socket: Socket): string | null => {
    if (params?.name === "slow") {
      setTimeout(() => socket.write(json(textResult(id))), 1.2 * SLOW_MS);
      return null;
    }
    if (params?.name === "quick") return json(textResult(id));
    const content = [{ type: "text", text: `no, ${SECRET}` }];
    return json({ jsonrpc: "2.0", id, result: { isError: true, content } });
  };
  const server = await faultyAt("tools/call", answer, { "mcp-session-id": "s-1" });
  const notes: string[] = [];
  const redactor = new Redactor();
  redactor.learn(SECRET);
  const bridge = new Bridge({
    settings: {
      source: "test",
      isAimed: false,
      envFiles: [],
      folder: "/",
      servers: { a: serverSettings({ name: "a", url: server.url, protocol: "2025-11-25" }) },
      autoStop: null,
      ...(settings !== undefined && { telemetry: settings }),
      telemetryNote,
      carriedSecrets: [],
    },
    redactor,
    environment: () => undefined,
    resultsRoot,
    versions: {},
    note: (_level, text) => notes.push(text),
  });
  const dir = await bridge.start(START);
  const at = performance.now();
  await bridge.operations.open({ op: "open", id: 1, session: 1, server: "a", user: 1, at, late: null });
  for (const [index, name] of ["quick", "slow", "faulty"].entries())
    await bridge.operations.call(call(index + 2, name));
  await bridge.operations.close({ op: "close", id: 9, session: 1, late: null, at: performance.now() });
  const fromMs = performance.now();
  await bridge.stop("run time reached", null);
  const stopMs = performance.now() - fromMs;
  await bridge.end("test is over");
  await server.close();
  return { dir, requests: server.requests, notes, stopMs };
};

const START: StartMessage = {
  op: "start",
  id: 1,
  run: "a-run",
  part: null,
  share: { index: 0, of: 1 },
  plan: {},
  tally: null,
};

const call = (id: number, name: string): CallMessage => ({
  ...{ op: "call", id, session: 1, method: "tools/call", params: { name, arguments: {} }, at: performance.now() },
  ...{ as: null, timeoutMs: null, late: null, body: false },
});
