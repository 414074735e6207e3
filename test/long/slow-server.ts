/** A server of one tool that takes its time and nothing of the machine: every call is answered after the same delay. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "slow", version: "1" },
  },
  "tools/call": { content: [{ type: "text", text: "at last" }] },
};

export interface SlowServer {
  readonly origin: string;
  close(): void;
}

export const startSlowServer = async (delayMs: number): Promise<SlowServer> => {
  const server = createServer(async (request, response) => {
    const asked = request.method === "POST" ? JSON.parse(await text(request)) : {};
    const result = RESULTS[asked.method];
    const answer = (): void => {
      if (result === undefined) response.writeHead(request.method === "POST" ? 202 : 405).end();
      else
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ jsonrpc: "2.0", id: asked.id, result }));
    };
    setTimeout(answer, asked.method === "tools/call" ? delayMs : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
