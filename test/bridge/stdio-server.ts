/**
 * A server of MCP that is a process, made with the SDK (v1). What its tools do is what its first argument says:
 * `stubborn` stays when its input ends and ignores SIGTERM.
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "stdio", version: "1" });
const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

server.registerTool("echo", { inputSchema: { text: z.string() } }, (args) => text(args.text));
server.registerTool("pid", {}, () => text(String(process.pid)));
server.registerTool("variable", { inputSchema: { name: z.string() } }, ({ name }) => text(process.env[name] ?? ""));
server.registerTool("folder", {}, () => text(process.cwd()));
server.registerTool("hang", {}, () => new Promise<never>(() => undefined));
server.registerTool("die", {}, () => {
  console.error("the disk is full");
  process.exit(7);
});
server.registerTool("large", { inputSchema: { bytes: z.number() } }, ({ bytes }) => text("x".repeat(bytes)));
server.registerTool("ask", {}, async () => text(JSON.stringify(await server.server.listRoots())));

if (process.argv[2] === "stubborn") {
  process.on("SIGTERM", () => undefined);
  setInterval(() => undefined, 1_000);
}
await server.connect(new StdioServerTransport());
