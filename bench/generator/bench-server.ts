/** The null server as the bridge's client sees it, with the configuration's own defaults. */

import type { Credential } from "../../auth/credential.ts";
import { createMcpServer } from "../../bridge/mcp/mcp-server.ts";
import type { McpServer } from "../../bridge/mcp-session.ts";
import { Operation } from "../../bridge/operation.ts";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { BENCH_SERVER } from "../bridge-settings.ts";

export const benchServer = (): McpServer => {
  const settings = loadSettings({ cwd: process.cwd(), project: process.cwd(), env: process.env }, RUN_PARTS);
  const server = settings.servers[BENCH_SERVER];
  if (server === undefined) throw new Error(`no server ${BENCH_SERVER} in ${settings.source}`);
  return createMcpServer(server, { onHidden: () => undefined });
};

/** The null server asks for none. */
export const NO_CREDENTIAL: Credential = {
  authorization: () => null,
  rejected: () => false,
  accepted: () => undefined,
  waitedMs: () => null,
  close: () => undefined,
};

let operations = 0;

export const newOperation = (): Operation => {
  operations += 1;
  return new Operation(operations, performance.now());
};
