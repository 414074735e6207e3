import { preloadSchemas } from "@modelcontextprotocol/client";
import type { ServerSettings } from "../../config/settings.ts";
import type { McpServer, McpSession } from "../mcp-session.ts";
import { safeDetail } from "../outcome.ts";
import { Wire, type WireDeps } from "../transport/wire.ts";
import { EraKnowledge } from "./era-knowledge.ts";
import { HeaderTools } from "./header-tools.ts";
import { SdkSession } from "./sdk-session.ts";

/**
 * What all sessions with one server share: connections and credentials, the era once it is known, and the tools whose
 * arguments go into headers.
 * @throws {Error} when a PEM file of the settings cannot be read
 */
export const createMcpServer = (settings: ServerSettings, deps: WireDeps): McpServer => {
  // The SDK builds its schemas on first use, some 20 ms that the first session's handshake would show as delay.
  preloadSchemas();
  const shared = {
    wire: new Wire(settings, deps),
    era: new EraKnowledge(settings.protocol, settings.transport !== "streamable-http"),
    headerTools: new HeaderTools(),
  };
  return {
    newSession: (credential): McpSession => new SdkSession(shared, credential),
    redact: (detail) => safeDetail(detail, shared.wire.secrets()),
    connections: shared.wire.count,
    close: () => shared.wire.connections.close(),
  };
};
