/**
 * `node demo/faults/main.ts serialising`: one MCP server with one fault. Prints `{"fault":…,"url":…}` when it runs, and
 * ends with its standard input, SIGINT or SIGTERM. Exit codes: 0 ended as asked, 3 no such fault, or a port that is taken.
 */

import { startFaultServer } from "./fault-server.ts";
import { FAULT_NAMES, FAULT_SERVERS, isFaultName } from "./faults.ts";

const WRONG_INPUT = 3;

const [name = "", option, value] = process.argv.slice(2);
const port = option === "--port" ? Number(value) : 0;

if (!isFaultName(name) || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(
    "Usage: node demo/faults/main.ts FAULT [--port N]   (stays until its standard input ends, or Ctrl-C)\n",
  );
  for (const each of FAULT_NAMES) console.error(`  ${each.padEnd(20)}${FAULT_SERVERS[each]().about}`);
  process.exitCode = WRONG_INPUT;
} else {
  try {
    const server = await startFaultServer(FAULT_SERVERS[name](), port);
    console.log(JSON.stringify({ fault: name, url: server.url }));
    await asked();
    await server.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    console.error(`Port ${port} is taken: choose another one, or leave --port out.`);
    process.exitCode = WRONG_INPUT;
  }
}

function asked(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    // A pipe whose other end died may only close; a file or /dev/null only ends.
    process.stdin.once("end", () => resolve());
    process.stdin.once("close", () => resolve());
    process.stdin.resume();
  });
}
