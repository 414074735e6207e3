import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, test } from "vitest";
import * as z from "zod";
import { Bursts } from "../../bridge/bursts.ts";
import { Facts } from "../../record/facts/facts.ts";
import { lanesOf } from "../../record/facts/lanes.ts";
import { harness, LIMITS } from "./mcp-harness.ts";

/** Ten calls at once in one session, against a server made with the SDK that counts for itself how many it has at once. */

const CALLS = 10;
/** How long each of them takes, in another order with each burst. */
const WORK_MS = [22, 34, 18, 44, 26, 16, 38, 24, 30, 20];

interface WorkingServer {
  readonly url: string;
  /** The most calls that were inside of the tool at the same moment, waiting for their turn or working. */
  mostInside(): number;
  close(): Promise<void>;
}

/** @param lanes how many calls it works on at once; the others wait in the order in which they came */
const workingServer = async (lanes: number, isJson: boolean): Promise<WorkingServer> => {
  let inside = 0;
  let most = 0;
  let free = lanes;
  const waiting: (() => void)[] = [];
  const lane = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const mcp = new McpServer({ name: "working", version: "1" });
  mcp.registerTool("work", { inputSchema: { ms: z.number() } }, async ({ ms }) => {
    inside += 1;
    most = Math.max(most, inside);
    await lane();
    await wait(ms);
    giveBack();
    inside -= 1;
    return { content: [{ type: "text", text: "done" }] };
  });
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, enableJsonResponse: isJson });
  await mcp.connect(transport as Transport);
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = request.method === "POST" ? await json(request) : undefined;
    await transport.handleRequest(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    mostInside: () => most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** What bursts of ten calls came to. */
const burstsOn = async (server: WorkingServer, bursts: number) => {
  const { session, operation, open, close } = harness({ url: server.url, limits: LIMITS });
  await open();
  const collected = new Bursts();
  const facts = new Facts();
  for (let id = 0; id < bursts; id++) {
    const operations = Array.from({ length: CALLS }, operation);
    const ends = await Promise.all(
      operations.map((each, index) =>
        session.call(each, "tools/call", { name: "work", arguments: { ms: WORK_MS[(index + 3 * id) % CALLS] } }),
      ),
    );
    for (const [index, each] of operations.entries()) {
      const outcome = ends[index]?.failure?.reason ?? "ok";
      const event = collected.ended(each, { id, of: CALLS, turn: null }, "learn", outcome);
      if (event !== null) facts.hear({ kind: "bursts", event });
    }
  }
  await close();
  return facts.sections().bursts?.["learn:parallel"];
};

test.each([
  { answers: "JSON", isJson: true },
  { answers: "SSE", isJson: false },
])("a server that answers with $answers has ten calls at once inside, and the record says so", async ({ isJson }) => {
  const server = await workingServer(CALLS, isJson);
  const told = await burstsOn(server, 4);
  expect(server.mostInside()).toBe(CALLS);
  expect(told).toMatchObject({ bursts: 4, calls: 40, together: 4, mostInFlight: CALLS });
  await server.close();
});

test.each([
  { lanes: 1, fewest: 1, most: 1 },
  { lanes: 5, fewest: expect.toSatisfy((each) => each >= 3), most: expect.toSatisfy((each) => each <= 6) },
  { lanes: CALLS, fewest: expect.toSatisfy((each) => each === "all" || each >= 6), most: "all" },
])("a server that works on $lanes of ten calls at once is known by its ends", async ({ lanes, fewest, most }) => {
  const server = await workingServer(lanes, true);
  const told = await burstsOn(server, 6);
  expect(server.mostInside()).toBe(CALLS);
  expect(told && lanesOf(told.lanes)).toMatchObject({ fewest, most });
  await server.close();
});
