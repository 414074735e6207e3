/**
 * Makes three large calls at once on the bridge's MCP room, in a process of its own, and prints how much memory that took
 * at most: `node --expose-gc memory-of-calls.ts URL kept|hashed|dropped BYTES`.
 */
import { createMcpServer } from "../../../../bridge/mcp/mcp-server.ts";
import { Operation } from "../../../../bridge/operation.ts";
import type { Results } from "../../../../config/settings.ts";
import { fixedCredential } from "../../../auth/fixed-credential.ts";
import { serverSettings } from "../../../server-settings.ts";

const [url = "", results = "kept", bytes = "0"] = process.argv.slice(2);
const server = createMcpServer(serverSettings({ url, protocol: "2025-11-25" }), { onHidden: () => {} });
const session = server.newSession(fixedCredential());
let id = 0;

const call = async (size: number) => {
  id += 1;
  const operation = new Operation(id, performance.now());
  operation.results = results as Results;
  const params = { name: "large", arguments: { bytes: size } };
  const { failure } = await session.call(operation, "tools/call", params, 60_000);
  return { failure, bytesIn: operation.bytesIn, digest: operation.digest };
};

await session.open(new Operation(0, performance.now()));
// What is loaded and compiled once is no answer's.
for (let warm = 0; warm < 3; warm++) await call(4_000_000);
globalThis.gc?.();
const beforeBytes = process.memoryUsage.rss();
let mostBytes = beforeBytes;
const look = setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
}, 5);
const calls = await Promise.all([call(Number(bytes)), call(Number(bytes)), call(Number(bytes))]);
clearInterval(look);
console.log(JSON.stringify({ grownBytes: mostBytes - beforeBytes, calls }));
process.exit(0);
