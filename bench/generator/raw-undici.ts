/**
 * The yardstick: undici's own client, which POSTs a ready-made `tools/call` and reads the answer as text, without
 * looking into it. No MCP client on Node's fastest HTTP client can be faster.
 */
import { Pool } from "undici";
import { assignment, writeReport } from "../assignment.ts";
import { runClosedLoop } from "./closed-loop.ts";
import { readyMadeCall } from "./ready-made-call.ts";

const task = assignment();
const { origin, pathname: path } = new URL(task.url);
const { headers, body } = readyMadeCall(task);
const pool = new Pool(origin, { connections: task.users });

const report = await runClosedLoop(task, async () => {
  const answer = await pool.request({ method: "POST", path, headers, body });
  const text = await answer.body.text();
  return answer.statusCode === 200 && text.length > 0;
});
await pool.close();
writeReport(report);
