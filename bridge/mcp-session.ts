import type { Credential } from "../auth/credential.ts";
import type { Ending, Operation } from "./operation.ts";
import type { ConnectionsReading } from "./transport/connection-count.ts";

/** The operations that a user can ask for. */
export const METHODS = [
  "tools/call",
  "tools/list",
  "resources/read",
  "resources/list",
  "resources/templates/list",
  "prompts/get",
  "prompts/list",
  "resources/subscribe",
  "resources/unsubscribe",
  "completion/complete",
  "logging/setLevel",
  "ping",
] as const;
export type Method = (typeof METHODS)[number];

/**
 * The seam to MCP (R115): one user's session with one server. What implements it (`bridge/mcp/`, on the official SDK) is
 * the only code that knows the SDK; a new revision or another client touches that folder alone.
 * No method rejects: every way to end is an `Ending`. Time limits are kept inside.
 */
export interface McpSession {
  /** `session` up to 2025-11-25, `stateless` from 2026-07-28; null before the handshake. */
  readonly era: "session" | "stateless" | null;
  /** True from a good handshake to close, loss or failure. */
  readonly isOpen: boolean;
  /** What the handshake was, for its name in the statistics. */
  readonly handshake: "initialize" | "server/discover";
  open(operation: Operation): Promise<Ending>;
  call(
    operation: Operation,
    method: Method,
    params: Readonly<Record<string, unknown>>,
    timeoutMs?: number,
  ): Promise<Ending>;
  /**
   * Ends the session; `wasSent` tells whether there was anything to tell the server (DELETE).
   * @param operation takes the stamps; null when no user asked for it: then the DELETE is a hidden request
   */
  close(operation: Operation | null): Promise<Ending & { readonly wasSent: boolean }>;
  /** Ends an operation under way with this reason, tells the server where the era has a way to. */
  abort(operation: Operation, reason: "cancelled" | "timeout"): void;
}

/** What a server's sessions share: connections, era once known. One per server and bridge. */
export interface McpServer {
  newSession(credential: Credential): McpSession;
  /** One line of at most 500 characters without any secret of this server, fit for a record. */
  redact(detail: string): string;
  /** What its connections did since they were last asked, or null for nothing. */
  readonly connections: { read(): ConnectionsReading | null };
  /** Closes the idle connections. Sessions are closed before. */
  close(): Promise<void>;
}
