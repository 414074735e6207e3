/** The MCP TypeScript SDK as one uses it in a script: a client with its fetch transport for each user, in one process. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { assignment, writeReport } from "../../assignment.ts";
import { seededDice } from "../seeded-dice.ts";
import type { Sample, TruthReport, TruthTask } from "../task.ts";

const task = assignment() as TruthTask;
const dice = seededDice(task.seed);
const samples: Sample[] = [];
let failures = 0;
let numbers = 0;
let phase: "warm-up" | "window" | "over" = "warm-up";

const clients = await Promise.all(
  Array.from({ length: task.users }, async () => {
    const client = new Client({ name: "truth", version: "1.0.0" });
    await client.connect(new StreamableHTTPClientTransport(new URL(task.url)));
    return client;
  }),
);

const live = async (client: Client): Promise<void> => {
  await sleep(task.thinkMs * dice());
  while (phase !== "over") {
    let number = 0;
    if (phase === "window") {
      numbers += 1;
      number = numbers;
    }
    const startedMs = performance.now();
    try {
      await client.callTool({ name: number === 0 ? "warm_up" : "timed", arguments: { number } });
      if (number > 0) samples.push([number, performance.now() - startedMs]);
    } catch {
      // Whatever it was: a failed call has no time, and the count does not agree.
      failures += 1;
    }
    await sleep(task.thinkMs * (0.5 + dice()));
  }
};
const living = Promise.all(clients.map(live));

await sleep(task.warmUpMs);
phase = "window";
const fromMs = Date.now();
await sleep(task.windowMs);
phase = "over";
const toMs = Date.now();
await living;
writeReport({ samples, sent: [], failures, fromMs, toMs, table: null } satisfies TruthReport);
await Promise.all(clients.map((client) => client.close()));

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
