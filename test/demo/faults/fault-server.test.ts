import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, expect, test } from "vitest";
import { type FaultServer, startFaultServer } from "../../../demo/faults/fault-server.ts";
import { FAULT_SERVERS, type FaultName } from "../../../demo/faults/faults.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const started = async (fault: FaultName): Promise<FaultServer> => {
  const server = await startFaultServer(FAULT_SERVERS[fault]());
  opened.push(server);
  return server;
};

const clientOf = async ({ url }: FaultServer): Promise<Client> => {
  const client = new Client({ name: "test", version: "1" });
  // Declared as possibly undefined there, as absent here: only exactOptionalPropertyTypes sees it.
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport);
  opened.push(client);
  return client;
};

const search = async (client: Client, query: string): Promise<string> =>
  JSON.stringify(await client.callTool({ name: "search", arguments: { query } }));

const SERVING = [
  "healthy",
  "serialising",
  "pool",
  "leaking",
  "mixing",
  "connection-limit",
  "slow-dependency",
  "rate-limited",
  "pool-full",
  "event-loop-blocked",
] as const satisfies readonly FaultName[];

test.each(SERVING)("%s serves one caller well: its fault needs more", async (fault) => {
  const client = await clientOf(await started(fault));
  expect(await search(client, "alpha")).toContain("found: alpha");
});

test("a server that mixes sessions up gives one session's query to another", async () => {
  const server = await started("mixing");
  const [one, other] = await Promise.all([clientOf(server), clientOf(server)]);
  const answers = await Promise.all([search(one, "alpha"), search(other, "beta")]);
  expect(answers.map((text) => text.includes("beta"))).toEqual([true, true]);
});

test("a full pool turns the sixth caller away", async () => {
  const client = await clientOf(await started("pool-full"));
  const ends = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => search(client, `query ${index}`)));
  expect(ends.filter(({ status }) => status === "rejected")).toHaveLength(1);
});

test("a server at its limit hangs up on the call that is too much", async () => {
  const client = await clientOf(await started("connection-limit"));
  const ends = await Promise.allSettled(Array.from({ length: 21 }, (_, index) => search(client, `query ${index}`)));
  expect(ends.filter(({ status }) => status === "rejected")).toHaveLength(1);
});

test("a server that is not ready answers 503 from the first question on", async () => {
  const { url } = await started("not-ready-503");
  expect((await fetch(url, { method: "POST" })).status).toBe(503);
});

test("a server that does not listen yet refuses connections", async () => {
  const { url } = await started("not-ready");
  await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});

test("a leaking server has more memory after each call, and tells it", async () => {
  const server = await started("leaking");
  const client = await clientOf(server);
  const memory = async () =>
    ((await (await fetch(new URL("/memory", server.url))).json()) as { rssBytes: number }).rssBytes;
  const before = await memory();
  for (let call = 0; call < 100; call++) await search(client, "alpha");
  // 100 calls keep 20 MB; what else this process holds may have shrunk meanwhile.
  expect((await memory()) - before).toBeGreaterThan(5e6);
});
