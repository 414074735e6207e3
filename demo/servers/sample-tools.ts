/**
 * Three small tools for load tests of their own: `search`, whose answer holds its own question (mixed-up answers show),
 * `read-large-file`, and `db-query`, a trivial statement for exhausting pools. On SDK v1.
 */

import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import type { SeededText } from "../seeded-text.ts";

const MIB = 1024 * 1024;

const searchInput = z.object({
  query: z.string().describe("What to search for"),
  limit: z.number().int().min(1).max(50).default(5).describe("Largest number of results"),
});
const fileInput = z.object({
  sizeBytes: z
    .number()
    .int()
    .min(1)
    .max(32 * MIB)
    .default(10 * MIB)
    .describe("Size of the text"),
});
const queryInput = z.object({ sql: z.string().describe("A SELECT statement") });

const READ_ONLY = { annotations: { readOnlyHint: true } };

export function addSampleTools(server: McpServer, text: SeededText): void {
  server.registerTool(
    "search",
    { description: "Searches a small index in memory.", inputSchema: searchInput, ...READ_ONLY },
    ({ query, limit }) => {
      const results = Array.from({ length: limit }, (_, index) => ({
        title: text.title(query, index),
        snippet: text.passage(query, index, 160),
      }));
      return { content: [{ type: "text", text: JSON.stringify({ query, results }) }] };
    },
  );
  server.registerTool(
    "read-large-file",
    { description: "Reads a large text file; 10 MiB by default.", inputSchema: fileInput, ...READ_ONLY },
    ({ sizeBytes }) => ({ content: [{ type: "text", text: text.file(sizeBytes) }] }),
  );
  server.registerTool(
    "db-query",
    { description: "Runs a trivial statement on a database.", inputSchema: queryInput, ...READ_ONLY },
    ({ sql }) =>
      /^\s*select\b/i.test(sql)
        ? { content: [{ type: "text", text: JSON.stringify({ rows: [{ result: 1 }], rowCount: 1 }) }] }
        : { content: [{ type: "text", text: "only SELECT statements are allowed" }], isError: true },
  );
}
