/** Opens and closes sessions as fast as the bridge's client can; a "call" of the report is one session's life. */
import { assignment, writeReport } from "../assignment.ts";
import { benchServer, NO_CREDENTIAL, newOperation } from "./bench-server.ts";
import { runClosedLoop } from "./closed-loop.ts";

const task = assignment();
const server = benchServer();

const report = await runClosedLoop(task, async () => {
  const session = server.newSession(NO_CREDENTIAL);
  const opened = await session.open(newOperation());
  const closed = await session.close(newOperation());
  return opened.failure === null && closed.failure === null;
});
await server.close();
writeReport(report);
