import {
  type Client,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  ProtocolError,
} from "@modelcontextprotocol/client";
import type { Credential } from "../../auth/credential.ts";
import type { McpSession, Method } from "../mcp-session.ts";
import type { Ending, Failure, Operation } from "../operation.ts";
import { safeDetail, WireError } from "../outcome.ts";
import { openTransport } from "../transport/open-transport.ts";
import { scope } from "../transport/scope.ts";
import type { SessionTransport } from "../transport/session-transport.ts";
import type { Wire } from "../transport/wire.ts";
import type { Era, EraKnowledge } from "./era-knowledge.ts";
import type { HeaderTools } from "./header-tools.ts";
import { LeanClient } from "./lean-client.ts";
import { allPages, isListMethod } from "./list-pages.ts";
import { asEvidence } from "./probe-evidence.ts";
import { answerRequests, capabilitiesFor } from "./scripted-answers.ts";
import { failureOfSdk } from "./sdk-failure.ts";
import { asToolResult } from "./tool-result.ts";

export interface SharedByServer {
  readonly wire: Wire;
  readonly era: EraKnowledge;
  readonly headerTools: HeaderTools;
}

type Params = Readonly<Record<string, unknown>>;
interface Connection {
  readonly client: Client;
  readonly transport: SessionTransport;
}

const HANDSHAKES = ["server/discover", "initialize"] as const;

/** All time limits are ours; the SDK's own must never be the first. */
const NO_LIMIT = { timeout: 2 ** 31 - 1 } as const;

/** Whether a tool keeps its own output schema is for a test to say, not for a load generator to check on every call. */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    (input) => ({ valid: true, data: input as T, errorMessage: undefined }),
};

/**
 * One user's session on the SDK's Client. An operation is settled by whichever comes first, once: what the SDK makes
 * of its answer, or `abort` (time limit, cancel), which then also takes it off the wire.
 */
export class SdkSession implements McpSession {
  readonly #shared: SharedByServer;
  readonly #credential: Credential;
  readonly #underWay = new Map<Operation, (ending: Ending) => void>();
  #connection: Connection | null = null;
  #era: Era | null = null;
  #isOpen = false;

  constructor(shared: SharedByServer, credential: Credential) {
    this.#shared = shared;
    this.#credential = credential;
  }

  get era(): Era | null {
    return this.#era;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get handshake(): "initialize" | "server/discover" {
    return (this.#era ?? this.#shared.era.known) === "stateless" ? "server/discover" : "initialize";
  }

  async open(operation: Operation): Promise<Ending> {
    const { era, wire } = this.#shared;
    const transport = openTransport(wire, this.#credential, (method, error) =>
      era.known === null ? asEvidence(method, error) : error,
    );
    const connection = { transport, client: this.#newClient() };
    this.#connection = connection;
    this.#isOpen = false;
    const ending = await this.#run(operation, HANDSHAKES, wire.settings.limits.initializeMs, () =>
      this.#shakeHands(connection, operation),
    );
    if (ending.failure === null) {
      this.#isOpen = true;
      if (wire.settings.getStream && this.#era === "session") transport.listen();
      return ending;
    }
    void bury(connection);
    return ending;
  }

  call(operation: Operation, method: Method, params: Params, timeoutMs?: number): Promise<Ending> {
    const connection = this.#connection;
    if (connection === null || !this.#isOpen) {
      return Promise.resolve({ failure: { reason: "session-lost", detail: "the session is not open" } });
    }
    const { limits } = this.#shared.wire.settings;
    const limitMs = timeoutMs ?? (isListMethod(method) ? limits.listMs : limits.callMs);
    return this.#run(operation, [method], limitMs, () => this.#perform(connection, operation, method, params));
  }

  async close(operation: Operation | null): Promise<Ending & { readonly wasSent: boolean }> {
    const connection = this.#connection;
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#connection = null;
    for (const other of this.#underWay.keys()) this.abort(other, "cancelled");
    if (connection === null) return { failure: null, result: null, wasSent: false };
    const { client, transport } = connection;
    const wasSent = wasOpen && transport.hasSession;
    const failure = wasSent ? await transport.terminate(operation) : null;
    await client.close();
    await transport.close();
    if (failure === null) return { failure: null, result: null, wasSent };
    return { failure: safe(failure, transport), wasSent };
  }

  abort(operation: Operation, reason: "cancelled" | "timeout"): void {
    const settle = this.#underWay.get(operation);
    if (settle === undefined) return;
    operation.fail({ reason });
    const failure = operation.failure ?? { reason };
    operation.endMs = this.#shared.wire.clock();
    settle({ failure });
    this.#connection?.transport.abandon(operation, failure);
  }

  #newClient(): Client {
    const { era, headerTools, wire } = this.#shared;
    const { answers, client } = wire.settings;
    const sdkClient = new LeanClient(client, {
      capabilities: capabilitiesFor(answers),
      versionNegotiation: { mode: era.negotiation },
      jsonSchemaValidator: NO_VALIDATION,
      responseCacheStore: headerTools,
      ...(era.pinned !== null && { supportedProtocolVersions: [era.pinned] }),
    });
    answerRequests(sdkClient, answers);
    return sdkClient;
  }

  async #shakeHands({ client, transport }: Connection, operation: Operation): Promise<unknown> {
    const { era, wire } = this.#shared;
    const fromMs = wire.clock();
    await era.through(async () => {
      // Waiting for another session to find the era is nobody's delay.
      operation.heldMs += wire.clock() - fromMs;
      if (operation.failure !== null) throw new WireError(operation.failure);
      client.setVersionNegotiation({ mode: era.negotiation });
      await client.connect(transport, NO_LIMIT);
      return client.getProtocolEra() === "modern" ? "stateless" : "session";
    });
    this.#era = client.getProtocolEra() === "modern" ? "stateless" : "session";
    return {
      protocolVersion: client.getNegotiatedProtocolVersion(),
      capabilities: client.getServerCapabilities(),
      serverInfo: client.getServerVersion(),
    };
  }

  #perform({ client, transport }: Connection, operation: Operation, method: Method, params: Params): Promise<unknown> {
    if (this.#era === "session" && method === "tools/call") return callTool(transport, params);
    if (this.#era === "stateless") {
      // Only these two know about arguments that go into headers, and keep the list of tools that says so.
      if (method === "tools/call") return client.callTool(params as { name: string }, NO_LIMIT);
      if (method === "tools/list" && client.getServerCapabilities()?.tools) {
        return client.listTools(params, { ...NO_LIMIT, cacheMode: "refresh" });
      }
    }
    const request = (args: Params): Promise<Record<string, unknown>> =>
      client.request({ method, params: { ...args } }, NO_LIMIT);
    if (!isListMethod(method)) return request(params);
    const { maxAnswerBytes } = this.#shared.wire.settings;
    return allPages(method, params, request, () => operation.bytesIn > maxAnswerBytes);
  }

  #run(
    operation: Operation,
    methods: readonly string[],
    limitMs: number,
    work: () => Promise<unknown>,
  ): Promise<Ending> {
    const transport = this.#connection?.transport;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.abort(operation, "timeout"), limitMs);
      this.#underWay.set(operation, (ending) => {
        clearTimeout(timer);
        this.#underWay.delete(operation);
        operation.endMs ||= this.#shared.wire.clock();
        if (ending.failure?.reason === "session-lost") this.#isOpen = false;
        resolve(ending.failure === null ? ending : { ...ending, failure: safe(ending.failure, transport) });
      });
      const settle = (ending: Ending): void => this.#underWay.get(operation)?.(ending);
      scope
        // The SDK throws at once for what an era does not have: inside a promise it is a rejection like any other.
        .run({ operation, methods }, async () => work())
        .then(
          (result) => settle(endingOf(result)),
          (error) => settle({ failure: failureOfSdk(error, transport?.hasSession === true) }),
        );
    });
  }
}

/** Takes a failed handshake away; a session that the server has made already is not left behind. Nobody waits for it. */
const bury = async ({ client, transport }: Connection): Promise<void> => {
  if (transport.hasSession) await transport.terminate(null);
  await client.close();
  await transport.close();
};

/** The one operation that a load consists of goes around the SDK, where the era is plain enough: see `ask`. */
const callTool = async (transport: SessionTransport, params: Params): Promise<unknown> => {
  const answer = await transport.ask("tools/call", params);
  if ("error" in answer) throw new ProtocolError(answer.error.code, answer.error.message);
  return asToolResult(answer.result);
};

/** A result is success unless the tool says otherwise. */
const endingOf = (result: unknown): Ending => {
  const { isError, content } = result as { isError?: unknown; content?: unknown };
  if (isError !== true) return { failure: null, result };
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  const text = (first as { text?: unknown } | undefined)?.text;
  return { failure: { reason: "tool-error", detail: typeof text === "string" ? text : "" }, result };
};

const safe = (failure: Failure, transport: SessionTransport | undefined): Failure =>
  failure.detail === undefined
    ? failure
    : { ...failure, detail: safeDetail(failure.detail, transport?.secrets() ?? []) };
