/** The tools of every fault server: what they do is the fault's business, what they are is not. On SDK v1. */

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import { SeededText } from "../seeded-text.ts";
import type { Fault } from "./fault.ts";
import { healthyWork } from "./healthy-work.ts";

const MIB = 1024 * 1024;
const READ_ONLY = { annotations: { readOnlyHint: true } };
const searchInput = z.object({ query: z.string().describe("What to search for") });
const queryInput = z.object({ sql: z.string().describe("A SELECT statement") });
const fileInput = z.object({
  sizeBytes: z
    .number()
    .int()
    .min(1)
    .max(64 * MIB)
    .default(10 * MIB)
    .describe("Size of the text"),
});

const text = new SeededText(1);

export const faultyTools = ({ work = healthyWork }: Fault): McpServer => {
  const server = new McpServer({ name: "demo-faults", version: "1.0.0" });
  server.registerTool(
    "search",
    { description: "Searches, and says what it searched for.", inputSchema: searchInput, ...READ_ONLY },
    async ({ query }) => ({ content: [{ type: "text", text: `found: ${await work("search", query)}` }] }),
  );
  server.registerTool(
    "db-query",
    { description: "Runs a statement on a database.", inputSchema: queryInput, ...READ_ONLY },
    async ({ sql }) => ({ content: [{ type: "text", text: `rows of: ${await work("db-query", sql)}` }] }),
  );
  server.registerTool(
    "read-large-file",
    { description: "Reads a large text file; 10 MiB by default.", inputSchema: fileInput, ...READ_ONLY },
    ({ sizeBytes }) => ({ content: [{ type: "text", text: text.file(sizeBytes) }] }),
  );
  return server;
};
