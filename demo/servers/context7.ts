/** Shaped like Context7 (tool names of its 2.x and later): finds a library, gives its documentation. On SDK v2, with a resource and a prompt. */

import { completable, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { SeededText } from "../seeded-text.ts";

const resolveInput = z.object({
  query: z.string().describe("The user's question, for ranking"),
  libraryName: z.string().describe("Name of the library"),
});
const docsInput = z.object({
  libraryId: z.string().describe("Context7's id of the library, such as /vercel/next.js"),
  query: z.string().describe("What the documentation should answer"),
});

const LIBRARIES = [
  "/expressjs/express",
  "/locustio/locust",
  "/microsoft/typescript",
  "/nodejs/undici",
  "/vercel/next.js",
];
const promptInput = z.object({
  libraryId: completable(z.string().describe("Id of the library"), (value) =>
    LIBRARIES.filter((library) => library.startsWith(value)),
  ),
});

const READ_ONLY = { annotations: { readOnlyHint: true } };

export function context7Server(text: SeededText): McpServer {
  const server = new McpServer({ name: "demo-context7", version: "1.0.0" });

  server.registerTool(
    "resolve-library-id",
    { description: "Finds the id of a library by its name.", inputSchema: resolveInput, ...READ_ONLY },
    ({ query, libraryName }) => {
      const found = Array.from({ length: 10 }, (_, index) => {
        const id = LIBRARIES[(text.number(libraryName, LIBRARIES.length) + index) % LIBRARIES.length];
        return `- Title: ${libraryName} ${text.title(libraryName, index)}\n- Context7-compatible library ID: ${id}\n- Description: ${text.passage(query, index, 280)}\n- Code Snippets: ${text.number(`${libraryName}${index}`, 5_000)}`;
      });
      return { content: [{ type: "text", text: `Available libraries:\n\n${found.join("\n----------\n")}` }] };
    },
  );
  server.registerTool(
    "query-docs",
    { description: "Gives documentation and code of a library.", inputSchema: docsInput, ...READ_ONLY },
    ({ libraryId, query }) => {
      const question = `${libraryId} ${query}`;
      const parts = Array.from(
        { length: 8 },
        (_, index) => `### ${text.title(question, index)}\n\nSource: ${libraryId}\n\n${text.passage(question, index)}`,
      );
      return { content: [{ type: "text", text: parts.join("\n\n--------------------------------\n\n") }] };
    },
  );
  server.registerResource(
    "libraries",
    "context7://libraries",
    { description: "The libraries of the demo", mimeType: "application/json" },
    ({ href }) => ({ contents: [{ uri: href, mimeType: "application/json", text: JSON.stringify(LIBRARIES) }] }),
  );
  server.registerPrompt(
    "explain-library",
    { description: "Asks for an introduction to a library.", argsSchema: promptInput },
    ({ libraryId }) => ({
      messages: [{ role: "user", content: { type: "text", text: `Explain ${libraryId} to a newcomer.` } }],
    }),
  );
  return server;
}
