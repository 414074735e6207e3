/** Opens a session with a server that is a process, says the process's id, and stays until it is told to go. */
import { createMcpServer } from "../../bridge/mcp/mcp-server.ts";
import { Operation } from "../../bridge/operation.ts";
import { fixedCredential } from "../auth/fixed-credential.ts";
import { serverSettings } from "../server-settings.ts";

const [script = "", argument = ""] = process.argv.slice(2);
const stdio = { command: process.execPath, args: [script, argument], env: {}, cwd: process.cwd() };
const server = createMcpServer(serverSettings({ url: "stdio:a", transport: "stdio", stdio }), {
  onHidden: () => undefined,
});
const session = server.newSession(fixedCredential());
await session.open(new Operation(1, performance.now()));
const { result } = await session.call(new Operation(2, performance.now()), "tools/call", {
  name: "pid",
  arguments: {},
});
process.on("SIGTERM", () => process.exit(0));
process.stdout.write((result as { content: { text: string }[] }).content[0]?.text ?? "");
