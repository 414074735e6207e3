/** Shaped like the Microsoft Learn server: searches and fetches documentation. On SDK v1; also holds resources and a prompt. */

import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import type { SeededText } from "../seeded-text.ts";
import { addSampleTools } from "./sample-tools.ts";

const searchInput = z.object({ query: z.string().describe("A question or a topic of Microsoft's documentation") });
const searchOutput = z.object({
  results: z.array(z.object({ title: z.string(), content: z.string(), contentUrl: z.string() })),
});
const fetchInput = z.object({ url: z.string().describe("Address of a page under learn.microsoft.com") });
const sampleInput = z.object({
  query: z.string().describe("What the code should do"),
  language: z.string().optional().describe("Programming language, such as csharp or python"),
});

const ARTICLES = [
  "azure-functions",
  "azure-load-testing",
  "entra-id",
  "key-vault",
  "kubernetes-service",
  "storage-blobs",
];
const startingWith = (value: string): string[] => ARTICLES.filter((article) => article.startsWith(value));

const READ_ONLY = { annotations: { readOnlyHint: true, openWorldHint: false } };

export function learnServer(text: SeededText): McpServer {
  const server = new McpServer({ name: "demo-learn", version: "1.0.0" });

  server.registerTool(
    "microsoft_docs_search",
    {
      description: "Searches Microsoft's documentation and gives the ten best passages.",
      inputSchema: searchInput,
      outputSchema: searchOutput,
      ...READ_ONLY,
    },
    ({ query }) => {
      const results = Array.from({ length: 10 }, (_, index) => ({
        title: text.title(query, index),
        content: text.passage(query, index),
        contentUrl: `https://learn.microsoft.com/en-us/azure/${ARTICLES[index % ARTICLES.length]}/part-${index}`,
      }));
      return { content: [{ type: "text", text: JSON.stringify({ results }) }], structuredContent: { results } };
    },
  );
  server.registerTool(
    "microsoft_docs_fetch",
    { description: "Gives a page of the documentation as Markdown.", inputSchema: fetchInput, ...READ_ONLY },
    ({ url }) => ({ content: [{ type: "text", text: articleText(text, url) }] }),
  );
  server.registerTool(
    "microsoft_code_sample_search",
    { description: "Searches code samples in the documentation.", inputSchema: sampleInput, ...READ_ONLY },
    ({ query, language = "csharp" }) => {
      const results = Array.from({ length: 8 }, (_, index) => ({
        description: text.passage(query, index, 300),
        codeSnippet: `// ${language}\n${text.passage(query, index + 8, 900)}`,
        link: `https://learn.microsoft.com/en-us/azure/${ARTICLES[index % ARTICLES.length]}`,
        language,
      }));
      return { content: [{ type: "text", text: JSON.stringify({ results }) }] };
    },
  );
  addSampleTools(server, text);

  server.registerResource(
    "overview",
    "docs://learn/overview",
    { description: "What the documentation holds", mimeType: "text/markdown" },
    ({ href }) => ({
      contents: [{ uri: href, mimeType: "text/markdown", text: ARTICLES.map((article) => `- ${article}`).join("\n") }],
    }),
  );
  server.registerResource(
    "article",
    new ResourceTemplate("docs://learn/articles/{article}", {
      list: () => ({
        resources: ARTICLES.map((article) => ({ uri: `docs://learn/articles/${article}`, name: article })),
      }),
      complete: { article: startingWith },
    }),
    { description: "One article", mimeType: "text/markdown" },
    ({ href }) => ({ contents: [{ uri: href, mimeType: "text/markdown", text: articleText(text, href) }] }),
  );
  server.registerPrompt(
    "summarize-article",
    {
      description: "Asks for a summary of an article.",
      argsSchema: { article: completable(z.string().describe("Name of the article"), startingWith) },
    },
    ({ article }) => ({
      messages: [{ role: "user", content: { type: "text", text: `Summarize docs://learn/articles/${article}.` } }],
    }),
  );
  return server;
}

const articleText = (text: SeededText, address: string): string =>
  `# ${text.title(address, 0)}\n\n${Array.from({ length: 16 }, (_, index) => text.passage(address, index)).join("\n\n")}`;
