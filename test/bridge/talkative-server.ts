import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

export const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;

export interface TalkativeServer {
  readonly url: string;
  /** What clients asked of it beside calls, in order. */
  readonly asked: readonly string[];
  /** Sessions whose own stream is there. */
  streams(): number;
  close(): Promise<void>;
}

/**
 * A server of the official SDK that tells and asks its client much: `talk` everything once, in the call's stream and on the
 * session's own; `flood` as many log messages as it is told to, in the call's stream.
 */
export const talkativeServer = async (): Promise<TalkativeServer> => {
  const asked: string[] = [];
  let streams = 0;
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer(async (request, response) => {
    const known = transports.get(String(request.headers["mcp-session-id"]));
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => {
          transports.set(id, transport);
        },
      });
    if (known === undefined) await talkative(asked).connect(transport);
    if (request.method === "GET") streams += 1;
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    asked,
    streams: () => streams,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
};

const talkative = (asked: string[]): McpServer => {
  const mcp = new McpServer(
    { name: "talkative", version: "1" },
    {
      capabilities: { logging: {}, resources: { subscribe: true, listChanged: true }, prompts: { listChanged: true } },
    },
  );
  const { server } = mcp;
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    asked.push(`subscribe ${params.uri}`);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    asked.push(`unsubscribe ${params.uri}`);
    return {};
  });
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    asked.push(`level ${params.level}`);
    return {};
  });
  mcp.registerTool("talk", {}, async ({ _meta, sendNotification }) => {
    for (const progress of [1, 2, 3]) {
      const { progressToken = "none" } = _meta ?? {};
      await sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 3 } });
    }
    for (const level of LEVELS) {
      await sendNotification({ method: "notifications/message", params: { level, data: "said" } });
    }
    await server.sendResourceUpdated({ uri: "test://doc" });
    await server.sendResourceListChanged();
    await server.sendToolListChanged();
    await server.sendPromptListChanged();
    await server.createMessage({ messages: [], maxTokens: 1 });
    await server.elicitInput({ message: "?", requestedSchema: { type: "object", properties: {} } });
    await server.listRoots();
    await server.ping();
    return { content: [{ type: "text", text: "said all" }] };
  });
  mcp.registerTool("flood", { inputSchema: { messages: z.number() } }, async ({ messages }, { sendNotification }) => {
    const params = { level: "info" as const, data: "x".repeat(100) };
    for (let sent = 0; sent < messages; sent++) await sendNotification({ method: "notifications/message", params });
    return { content: [{ type: "text", text: "flooded" }] };
  });
  return mcp;
};
