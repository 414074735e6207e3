import { createMcpServer } from "../../bridge/mcp/mcp-server.ts";
import type { Method } from "../../bridge/mcp-session.ts";
import { type Ending, Operation } from "../../bridge/operation.ts";
import type { ServerSettings } from "../../config/settings.ts";
import type { Connection, Ended } from "./connection.ts";

/** A session of the bridge's MCP room without the link. */
export const directConnection = (settings: ServerSettings): Connection => {
  const server = createMcpServer(settings, { authorization: () => null, onHidden: () => {} });
  const session = server.newSession();
  let id = 0;
  const operation = (): Operation => new Operation(++id, performance.now());
  return {
    open: async () => ended(await session.open(operation())),
    call: async (method, params) => ended(await session.call(operation(), method as Method, params)),
    close: async () => {
      const ending = await session.close(operation());
      await server.close();
      return ended(ending);
    },
  };
};

const ended = (ending: Ending): Ended => ({
  reason: ending.failure?.reason ?? null,
  detail: ending.failure?.detail ?? "",
  result: ending.result,
});
