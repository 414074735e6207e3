import type { JSONRPCResponse, Transport } from "@modelcontextprotocol/client";
import type { Failure, Operation } from "../operation.ts";

/** What one session speaks through: the SDK's Transport, and what the SDK has no word for. */
export interface SessionTransport extends Transport {
  /** True when there is a session that a DELETE can end. */
  readonly hasSession: boolean;
  /** What must not show in a detail about this session. */
  secrets(): string[];
  /** A request beside the SDK's own. @returns the answer, result or error @throws {WireError} as `send` rejects */
  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<JSONRPCResponse>;
  /** Ends what is under way for an operation, and tells the server as far as it may be told. */
  abandon(operation: Operation, failure: Failure): void;
  /** Opens the session's own stream, where there is such a thing. */
  listen(): void;
  /** Tells the server that the session ends. @returns why it failed, or null */
  terminate(operation: Operation | null): Promise<Failure | null>;
}
