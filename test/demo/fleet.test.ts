import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server as NetServer } from "node:net";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as TransportInterfaceV1 } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { delayRows, delaySource } from "../../demo/delays.ts";
import { type Fleet, PortTakenError, startFleet } from "../../demo/fleet.ts";
import { SERVER_NAMES, type ServerName } from "../../demo/server-name.ts";

const INFO = { name: "demo-test", version: "1.0.0" };
const TOKEN = "demo-token-not-a-secret";
const NEEDS_TOKEN: readonly ServerName[] = ["azure-devops", "github"];

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet({ port: 0, seed: 1, speed: 0 });
});
afterAll(() => fleet.close());
beforeEach(() => fleet.reset());

/** One call of every tool with arguments that its schema takes. */
const CALLS: Readonly<Record<ServerName, Readonly<Record<string, Record<string, unknown>>>>> = {
  learn: {
    microsoft_docs_search: { query: "load testing" },
    microsoft_docs_fetch: { url: "https://learn.microsoft.com/en-us/azure/load-testing" },
    microsoft_code_sample_search: { query: "upload a blob", language: "python" },
    search: { query: "alpha", limit: 2 },
    "read-large-file": { sizeBytes: 1_000 },
    "db-query": { sql: "SELECT 1" },
  },
  context7: {
    "resolve-library-id": { query: "routing", libraryName: "next.js" },
    "query-docs": { libraryId: "/vercel/next.js", query: "routing" },
  },
  "azure-devops": {
    core_list_projects: {},
    wit_get_work_item: { id: 42, project: "Atlas" },
    wit_my_work_items: { project: "Atlas" },
    repo_list_repos_by_project: { project: "Atlas" },
  },
  github: {
    search_code: { query: "retry language:ts" },
    search_repositories: { query: "mcp" },
    list_issues: { owner: "demo", repo: "atlas" },
    get_file_contents: { owner: "demo", repo: "atlas", path: "README.md" },
    get_me: {},
    search: { query: "alpha", limit: 2 },
    "read-large-file": { sizeBytes: 1_000 },
    "db-query": { sql: "SELECT 1" },
  },
};

/** What the three client set-ups have in common, as far as these tests go. */
type AnyClient = Pick<ClientV2, "listTools" | "callTool" | "close"> & { terminate(): Promise<void> };

const headersFor = (server: ServerName): Record<string, string> =>
  NEEDS_TOKEN.includes(server) ? { authorization: `Bearer ${TOKEN}` } : {};

async function connectV1(server: ServerName): Promise<AnyClient> {
  const transport = new TransportV1(new URL(fleet.urls[server]), { requestInit: { headers: headersFor(server) } });
  const client = new ClientV1(INFO);
  await client.connect(transport as TransportInterfaceV1);
  return Object.assign(client as unknown as AnyClient, { terminate: () => transport.terminateSession() });
}

async function connectV2(server: ServerName, mode: "legacy" | "auto" | { pin: string }) {
  const transport = new TransportV2(new URL(fleet.urls[server]), { requestInit: { headers: headersFor(server) } });
  const client = new ClientV2(INFO, { versionNegotiation: { mode } });
  await client.connect(transport);
  return Object.assign(client, { terminate: () => transport.terminateSession() });
}

describe.each(SERVER_NAMES)("%s", (server) => {
  test.each([
    ["v1", connectV1],
    ["v2", (name: ServerName) => connectV2(name, "legacy")],
    ["v2, era negotiated", (name: ServerName) => connectV2(name, "auto")],
  ])("an official %s client lists and calls every tool, and the counts are exact", async (_name, connect) => {
    const client = await connect(server);
    const { tools } = await client.listTools();
    const calls = Object.entries(CALLS[server]);
    expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(CALLS[server]).sort());
    for (const tool of tools) expect(tool.annotations?.readOnlyHint, tool.name).toBe(true);

    for (const [name, args] of calls) {
      for (let round = 0; round < 3; round++) {
        const result = await client.callTool({ name, arguments: args });
        expect(result.isError, name).toBeFalsy();
        expect(result.content).not.toHaveLength(0);
      }
    }
    await client.close();

    const { messages, refused, aborted } = fleet.counts()[server];
    expect((messages.initialize ?? 0) + (messages["tools/list"] ?? 0)).toBeGreaterThan(0);
    for (const [name] of calls) expect(messages[`tools/call:${name}`], name).toBe(3);
    expect(refused.unauthorized).toBe(0);
    expect(aborted).toBe(0);
  });

  test("every tool has a row in the delay table, and every row a tool", () => {
    const rows = delayRows(server).flatMap(([operation]) => operation.match(/^tools\/call:(.*)$/)?.[1] ?? []);
    expect(rows.sort()).toEqual(Object.keys(CALLS[server]).sort());
  });
});

describe("the two eras", () => {
  test.each(["context7", "azure-devops"] as const)("%s answers 2026-07-28 without any session", async (server) => {
    const client = await connectV2(server, { pin: "2026-07-28" });
    expect(client.getProtocolEra()).toBe("modern");
    const [call] = Object.entries(CALLS[server]);
    await client.callTool({ name: call?.[0] ?? "", arguments: call?.[1] ?? {} });
    await client.close();
    const { messages, sessions } = fleet.counts()[server];
    expect(messages).toEqual({ "server/discover": 1, [`tools/call:${call?.[0]}`]: 1 });
    expect(sessions.opened).toBe(0);
  });

  test.each(["learn", "github"] as const)(
    "%s speaks the session era only, so a negotiating client falls back",
    async (server) => {
      const client = await connectV2(server, "auto");
      expect(client.getProtocolEra()).toBe("legacy");
      await client.close();
      const { messages, refused } = fleet.counts()[server];
      expect(messages).toMatchObject({ "server/discover": 1, initialize: 1, "notifications/initialized": 1 });
      expect(refused.noSession).toBe(1);
    },
  );
});

describe("sessions", () => {
  test.each(["learn", "github"] as const)(
    "%s ends a session on DELETE and answers 404 to it from then on",
    async (server) => {
      const client = await connectV2(server, "legacy");
      const opened = fleet.counts()[server].sessions;
      expect(opened).toMatchObject({ opened: 1, deleted: 0 });
      const id = (client.transport as TransportV2).sessionId ?? "";
      await client.terminate();
      expect(fleet.counts()[server].sessions).toEqual({ ...opened, deleted: 1, open: opened.open - 1 });
      expect(fleet.counts()[server].http.DELETE).toBe(1);

      const late = await post(server, { jsonrpc: "2.0", id: 9, method: "ping" }, { "mcp-session-id": id });
      expect(late.status).toBe(404);
      expect(await late.json()).toMatchObject({ error: { code: -32001 } });
      expect(fleet.counts()[server].refused.unknownSession).toBe(1);
      await client.close();
    },
  );

  test.each([
    ["learn", "text/event-stream"],
    ["github", "application/json"],
    ["context7", "text/event-stream"],
  ] as const)("%s answers the session era as %s", async (server, contentType) => {
    const answer = await post(server, INITIALIZE);
    await answer.text();
    expect(answer.headers.get("content-type")).toContain(contentType);
    expect(answer.headers.has("mcp-session-id")).toBe(server !== "context7");
  });
});

describe("credentials", () => {
  test.each(NEEDS_TOKEN)("%s answers 401 without a token and names its metadata, which it serves", async (server) => {
    const refused = await post(server, INITIALIZE, { authorization: "" });
    expect(refused.status).toBe(401);
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "")?.[1] ?? "";
    const metadata = await (await fetch(metadataUrl)).json();
    expect(metadata).toMatchObject({ resource: fleet.urls[server], bearer_methods_supported: ["header"] });
    expect(new URL(metadataUrl).pathname).toBe("/.well-known/oauth-protected-resource/mcp");
    expect(fleet.counts()[server]).toMatchObject({ messages: {}, refused: { unauthorized: 1 } });
  });

  test("a wrong token is refused as an invalid one, also where a token is optional", async () => {
    for (const server of ["context7", ...NEEDS_TOKEN] as const) {
      const refused = await post(server, INITIALIZE, { authorization: "Bearer wrong" });
      expect(refused.status, server).toBe(401);
      expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }
  });

  test("context7 serves with the demo token as it does without", async () => {
    expect((await post("context7", INITIALIZE, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await post("context7", INITIALIZE)).status).toBe(200);
  });

  test("a Host or an Origin from elsewhere is refused with 403", async () => {
    expect((await post("learn", INITIALIZE, { origin: "https://example.com" })).status).toBe(403);
    // fetch does not let a caller choose Host.
    const request = httpRequest(fleet.urls.learn, { headers: { host: "example.com" } }).end();
    const [answer] = await once(request, "response");
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });
});

describe("the sample tools", () => {
  test.each(["learn", "github"] as const)("parallel searches on %s each get their own query back", async (server) => {
    const client = await connectV2(server, "legacy");
    const queries = ["alpha", "beta", "gamma", "delta", "epsilon"];
    const results = await Promise.all(
      queries.map((query) => client.callTool({ name: "search", arguments: { query, limit: 1 } })),
    );
    expect(results.map((result) => JSON.parse(textOf(result)).query)).toEqual(queries);
    await client.close();
  });

  test.each(["learn", "github"] as const)("the large file of %s is 10 MiB of text by default", async (server) => {
    const client = await connectV2(server, "legacy");
    const result = await client.callTool({ name: "read-large-file", arguments: {} });
    expect(textOf(result)).toHaveLength(10 * 1024 * 1024);
    await client.close();
  });

  test("a statement that is no SELECT, and a work item that does not exist, are tool errors", async () => {
    const learn = await connectV2("learn", "legacy");
    const devops = await connectV2("azure-devops", "auto");
    const dropped = await learn.callTool({ name: "db-query", arguments: { sql: "DROP TABLE users" } });
    const missing = await devops.callTool({ name: "wit_get_work_item", arguments: { id: 999_999, project: "Atlas" } });
    expect([dropped.isError, missing.isError]).toEqual([true, true]);
    await Promise.all([learn.close(), devops.close()]);
  });
});

describe("resources, prompts and completion", () => {
  test.each([
    ["learn", "legacy", "docs://learn/overview", "summarize-article", "article", "key-vault"],
    ["context7", "auto", "context7://libraries", "explain-library", "libraryId", "/nodejs/undici"],
  ] as const)("%s has them all", async (server, mode, uri, prompt, argument, value) => {
    const client = await connectV2(server, mode);
    expect((await client.listResources()).resources.map((resource) => resource.uri)).toContain(uri);
    expect((await client.readResource({ uri })).contents).toHaveLength(1);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual([prompt]);
    const { messages } = await client.getPrompt({ name: prompt, arguments: { [argument]: value } });
    expect(JSON.stringify(messages)).toContain(value);
    const { completion } = await client.complete({
      ref: { type: "ref/prompt", name: prompt },
      argument: { name: argument, value: value.slice(0, 3) },
    });
    expect(completion.values).toContain(value);
    await client.close();
  });

  test("an article of learn is read through its template", async () => {
    const client = await connectV2("learn", "legacy");
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(["docs://learn/articles/{article}"]);
    const { contents } = await client.readResource({ uri: "docs://learn/articles/key-vault" });
    expect(JSON.stringify(contents).length).toBeGreaterThan(20_000);
    await client.close();
  });
});

describe("what a server tells about itself", () => {
  test("its counts lie outside MCP and can be set back", async () => {
    await post("github", INITIALIZE).then((answer) => answer.text());
    const origin = new URL(fleet.urls.github).origin;
    const counts = await (await fetch(`${origin}/__counts`)).json();
    expect(counts).toEqual(fleet.counts().github);
    expect(counts).toMatchObject({ http: { POST: 1 }, messages: { initialize: 1 } });
    await (await fetch(`${origin}/__reset`, { method: "POST" })).text();
    expect(fleet.counts().github.messages).toEqual({});
  });

  test("a body that is no JSON gets 400 and is no message", async () => {
    const answer = await fetch(fleet.urls.learn, { method: "POST", headers: HEADERS, body: "{" });
    expect(answer.status).toBe(400);
    expect(fleet.counts().learn).toMatchObject({ http: { POST: 1 }, messages: {}, refused: { badBody: 1 } });
  });
});

describe("delays of real calls", () => {
  let slow: Fleet;
  beforeAll(async () => {
    slow = await startFleet({ port: 0, seed: 1, speed: 1 });
  });
  afterAll(() => slow.close());

  // How much later than drawn they come is the machine's business; `--delays` shows what is drawn.
  test("handshakes with Azure DevOps take the delays drawn for them, none less", async () => {
    const timesMs = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const startMs = performance.now();
        const answer = await post("azure-devops", INITIALIZE, {}, slow);
        await answer.text();
        return performance.now() - startMs;
      }),
    );
    const next = delaySource("azure-devops", { seed: 1, speed: 1 });
    const drawnMs = timesMs.map(() => next("handshake"));
    const sorted = (values: number[]) => values.sort((a, b) => a - b);
    const OWN_COST_AND_TIMER_MS = 3;
    for (const [rank, drawn] of sorted(drawnMs).entries()) {
      expect(sorted(timesMs)[rank]).toBeGreaterThan(drawn - OWN_COST_AND_TIMER_MS);
    }
  });

  test("a call whose client goes away is counted as received and as aborted", async () => {
    const leaving = new AbortController();
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "query-docs", arguments: {} } };
    const pending = post("context7", call, {}, slow, leaving.signal);
    await expect.poll(() => slow.counts().context7.messages["tools/call:query-docs"]).toBe(1);
    leaving.abort();
    await expect(pending).rejects.toThrow();
    await expect.poll(() => slow.counts().context7.aborted).toBe(1);
  });
});

test("a port that is taken is told by its number, and no other server stays behind", async () => {
  const [free, taken] = await neighbours();
  const error = await startFleet({ port: free - 1, seed: 1, speed: 0 }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(PortTakenError);
  expect(error).toMatchObject({ port: free + 1 });
  // The first server had started before the second one met the taken port.
  const again = await listen(free);
  again.close();
  taken.close();
});

/** A free port, and a server on the port after it. */
async function neighbours(): Promise<[number, NetServer]> {
  for (;;) {
    const first = await listen(0);
    const { port } = first.address() as AddressInfo;
    const second = await listen(port + 1).catch(() => null);
    first.close();
    if (second) return [port, second];
  }
}

async function listen(port: number): Promise<NetServer> {
  const server = createNetServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: INFO },
};

function post(
  server: ServerName,
  body: unknown,
  headers: Record<string, string> = {},
  of: Fleet = fleet,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const all: Record<string, string> = { ...HEADERS, ...headersFor(server), ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  return fetch(of.urls[server], { method: "POST", headers: sent, body: JSON.stringify(body), signal });
}

function textOf(result: Awaited<ReturnType<ClientV2["callTool"]>>): string {
  const [first] = result.content;
  if (first?.type !== "text") throw new Error("the first item is no text");
  return first.text;
}
