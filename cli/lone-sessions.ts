/**
 * Sessions without Locust, one at a time: opened, used and closed through the bridge's own parts, so that times, reasons and the
 * limits for other people's servers are those of a run. Nothing is recorded.
 */

import { resolve } from "node:path";
import { Bridge } from "../bridge/bridge.ts";
import { type End, isHeld } from "../bridge/link/end-line.ts";
import type { Method } from "../bridge/mcp-session.ts";
import type { Failure } from "../bridge/operation.ts";
import type { Redactor } from "../bridge/redactor.ts";
import { takeSecrets } from "../bridge/take-secrets.ts";
import type { Settings } from "../config/settings.ts";
import { CommandError } from "./command-error.ts";

export interface LoneEnd {
  readonly failure: Failure | null;
  /** Service time; 0 when nothing was sent. */
  readonly ms: number;
  /** What came, parsed; undefined when nothing did. */
  readonly result: unknown;
}

export interface LoneOptions {
  readonly settings: Settings;
  /** Loses its secrets. */
  readonly env: NodeJS.ProcessEnv;
  readonly redactor: Redactor;
  /** Hears what the bridge has to say, such as that it holds a load back. */
  readonly note: (text: string) => void;
}

const CLOSE_MS = 1_000;

export class LoneSessions {
  readonly #bridge: Bridge;
  #lastId = 0;

  constructor({ settings, env, redactor, note }: LoneOptions) {
    this.#bridge = new Bridge({
      settings: withOwnConnections(settings),
      environment: takeSecrets(settings, env, redactor),
      redactor,
      resultsRoot: resolve("results"),
      versions: {},
      note: (_level, text) => note(text),
    });
  }

  /**
   * @returns the number of a session, and how its handshake ended; only of a good one there is anything to call or to close
   * @throws {CommandError} when its limits admit no session at all
   */
  async open(server: string): Promise<LoneEnd & { readonly session: number }> {
    const session = this.#id();
    const end = await this.#bridge.operations.open({ op: "open", id: session, session, server, user: 0, ...now() });
    if (isHeld(end)) throw new CommandError(`${server}: allow in loadtest.yaml admits no further session`);
    return { ...loneEnd(end), session };
  }

  async call(session: number, method: Method, params: Readonly<Record<string, unknown>>): Promise<LoneEnd> {
    const message = {
      op: "call",
      id: this.#id(),
      session,
      method,
      params,
      as: null,
      timeoutMs: null,
      ...now(),
    } as const;
    // A tool may answer with much, and nobody looks at it.
    return loneEnd(await this.#bridge.operations.call({ ...message, body: method !== "tools/call" }));
  }

  async close(session: number): Promise<void> {
    await this.#bridge.operations.close({ op: "close", id: this.#id(), session, ...now() });
  }

  /** Ends what is still open. */
  end(): Promise<void> {
    return this.#bridge.end("the command has ended", CLOSE_MS);
  }

  #id(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** A session from outside comes over a connection of its own: one that was kept from the last would hide that none can be made. */
const withOwnConnections = (settings: Settings): Settings => ({
  ...settings,
  servers: Object.fromEntries(
    Object.entries(settings.servers).map(([name, server]) => [
      name,
      {
        ...server,
        // Nobody looks for marks or at memory here, and arguments stay as they were typed.
        ...{ getStream: false, canary: null, memory: null },
        connections: { ...server.connections, pool: "user" as const },
      },
    ]),
  ),
});

const now = () => ({ at: performance.now(), late: null });

const loneEnd = ({ failure, serviceMs = 0, result }: End): LoneEnd => ({
  failure,
  ms: serviceMs,
  result: result === undefined ? undefined : JSON.parse(result),
});
