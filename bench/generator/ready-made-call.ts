/** A `tools/call` as it stands on the wire, for the generator that speaks no MCP. */
import type { Assignment } from "../assignment.ts";

export const readyMadeCall = ({
  era,
  revision,
  tool,
  toolArguments,
}: Pick<Assignment, "era" | "revision" | "tool" | "toolArguments">): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} => {
  const isStateless = era === "stateless";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": revision,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
  };
  const params = { name: tool, arguments: toolArguments, ...(isStateless ? { _meta: meta } : {}) };
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": revision,
      ...(isStateless
        ? { "mcp-method": "tools/call", "mcp-name": tool }
        : { "mcp-session-id": "session-0000000000000001" }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  };
};
