/** The bridge's MCP client without link, Locust and record: one session a user, the sessions opened beforehand. */
import { assignment, writeReport } from "../assignment.ts";
import { benchServer, NO_CREDENTIAL, newOperation } from "./bench-server.ts";
import { runClosedLoop } from "./closed-loop.ts";

const task = assignment();
const server = benchServer();
const sessions = await Promise.all(
  Array.from({ length: task.users }, async () => {
    const session = server.newSession(NO_CREDENTIAL);
    const { failure } = await session.open(newOperation());
    if (failure !== null) throw new Error(`no session: ${failure.reason} ${failure.detail ?? ""}`);
    return session;
  }),
);

const report = await runClosedLoop(task, async (user) => {
  const params = { name: task.tool, arguments: task.toolArguments };
  const ending = await sessions[user]?.call(newOperation(), "tools/call", params);
  return ending?.failure === null;
});
await Promise.all(sessions.map((session) => session.close(newOperation())));
await server.close();
writeReport(report);
