/** Shaped like the GitHub server: searches code and repositories, reads issues and files. On SDK v1. */

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import type { SeededText } from "../seeded-text.ts";
import { addSampleTools } from "./sample-tools.ts";

const page = z.number().int().min(1).default(1).describe("Number of the page");
const perPage = z.number().int().min(1).max(100).default(30).describe("Entries a page");
const owner = z.string().describe("Owner of the repository");
const repo = z.string().describe("Name of the repository");
const searchInput = z.object({ query: z.string().describe("GitHub search syntax"), page, perPage });
const issuesInput = z.object({ owner, repo, state: z.enum(["OPEN", "CLOSED"]).default("OPEN"), perPage });
const fileInput = z.object({ owner, repo, path: z.string().default("/").describe("Path of a file or folder") });

const READ_ONLY = { annotations: { readOnlyHint: true } };

export function githubServer(text: SeededText): McpServer {
  const server = new McpServer({ name: "demo-github", version: "1.0.0" });

  server.registerTool(
    "search_code",
    { description: "Searches code over all repositories.", inputSchema: searchInput, ...READ_ONLY },
    ({ query, page, perPage }) =>
      found(perPage, (index) => {
        const entry = (page - 1) * perPage + index;
        const path = `src/${text.title(query, entry).replaceAll(" ", "/")}.ts`;
        return { name: path.split("/").at(-1), path, repository: repository(text, query, entry), score: 1 };
      }),
  );
  server.registerTool(
    "search_repositories",
    { description: "Searches repositories.", inputSchema: searchInput, ...READ_ONLY },
    ({ query, page, perPage }) => found(perPage, (index) => repository(text, query, (page - 1) * perPage + index)),
  );
  server.registerTool(
    "list_issues",
    { description: "Lists the issues of a repository.", inputSchema: issuesInput, ...READ_ONLY },
    ({ owner, repo, state, perPage }) =>
      found(perPage, (index) => ({
        number: 1 + index,
        state,
        title: text.title(`${owner}/${repo}`, index),
        body: text.passage(`${owner}/${repo}`, index, 500),
      })),
  );
  server.registerTool(
    "get_file_contents",
    { description: "Gives a file of a repository.", inputSchema: fileInput, ...READ_ONLY },
    ({ owner, repo, path }) => {
      const question = `${owner}/${repo}/${path}`;
      const content = Array.from({ length: 4 }, (_, index) => text.passage(question, index)).join("\n");
      const uri = `repo://${owner}/${repo}/contents/${path}`;
      return {
        content: [
          { type: "text", text: "successfully downloaded text file" },
          { type: "resource", resource: { uri, mimeType: "text/plain", text: content } },
        ],
      };
    },
  );
  server.registerTool("get_me", { description: "Gives the profile of the signed-in user.", ...READ_ONLY }, () => ({
    content: [
      { type: "text", text: JSON.stringify({ login: "demo", id: 1, details: { bio: text.passage("demo", 0, 400) } }) },
    ],
  }));
  addSampleTools(server, text);
  return server;
}

const repository = (text: SeededText, query: string, index: number) => {
  const name = text.title(query, index + 7).replaceAll(" ", "-");
  return {
    id: text.number(`${query}${index}`, 1e9),
    full_name: `demo/${name}`,
    description: text.passage(query, index, 200),
    html_url: `https://github.com/demo/${name}`,
    stargazers_count: text.number(name, 50_000),
  };
};

function found(count: number, item: (index: number) => unknown) {
  const answer = {
    total_count: count,
    incomplete_results: false,
    items: Array.from({ length: count }, (_, i) => item(i)),
  };
  return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
}
