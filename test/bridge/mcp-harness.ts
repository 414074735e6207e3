import { type Mock, vi } from "vitest";
import type { Credential } from "../../auth/credential.ts";
import { createMcpServer } from "../../bridge/mcp/mcp-server.ts";
import type { McpServer, McpSession, Method } from "../../bridge/mcp-session.ts";
import { type Ending, Operation } from "../../bridge/operation.ts";
import type { WireDeps } from "../../bridge/transport/wire.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { fixedCredential } from "../auth/fixed-credential.ts";
import { serverSettings } from "../server-settings.ts";

/** A server of the bridge's MCP room as a test uses it, with what it reports beside the operations. */
export interface Harness {
  readonly server: McpServer;
  readonly session: McpSession;
  readonly hidden: Mock<(name: string) => void>;
  operation(): Operation;
  open(): Promise<Ending>;
  call(method: Method, params?: Record<string, unknown>, timeoutMs?: number): Promise<Ending>;
  tool(name?: string, args?: Record<string, unknown>): Promise<Ending>;
  close(): Promise<void>;
  /** One more session of the same server, with the same credential. */
  newSession(): McpSession;
}

export const harness = (
  over: Partial<ServerSettings>,
  { credential, ...deps }: Partial<WireDeps> & { readonly credential?: Partial<Credential> } = {},
): Harness => {
  const hidden = vi.fn<(name: string) => void>();
  const server = createMcpServer(serverSettings(over), { onHidden: hidden, ...deps });
  const newSession = (): McpSession => server.newSession(fixedCredential(credential));
  const session = newSession();
  let id = 0;
  const operation = (): Operation => new Operation(++id, performance.now());
  const call: Harness["call"] = (method, params = {}, timeoutMs) =>
    session.call(operation(), method, params, timeoutMs);
  return {
    server,
    session,
    newSession,
    hidden,
    operation,
    open: () => session.open(operation()),
    call,
    tool: (name = "echo", args = {}) => call("tools/call", { name, arguments: args }),
    close: async () => {
      await session.close(operation());
      await server.close();
    },
  };
};

export const LIMITS = { connectMs: 2_000, initializeMs: 5_000, callMs: 5_000, listMs: 5_000, closeMs: 2_000 };
