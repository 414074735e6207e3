/**
 * The bridge as it ships, driven over its link by the least that can drive it. This driver runs on the null server's
 * core, so that the bridge has one to itself, and only the bridge's CPU is reported.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { assignment, writeReport } from "../assignment.ts";
import { BenchError } from "../bench-error.ts";
import { BENCH_SERVER } from "../bridge-settings.ts";
import { startChild } from "../children.ts";
import { onCore } from "../cores.ts";
import { bundlePath } from "../requirements.ts";
import { type CpuMeter, runClosedLoop } from "./closed-loop.ts";

interface Answer {
  readonly ok?: boolean;
  readonly op?: string;
  readonly message?: string;
  readonly body?: boolean;
}

const LINK_FD = 3;
const task = assignment();
const bridge = startChild(onCore("generator", [process.execPath, bundlePath(), "--fd", String(LINK_FD)]), {
  stdio: ["ignore", "ignore", "inherit", "pipe"],
});
const link = bridge.stdio[LINK_FD] as Duplex;
const lines = createInterface({ input: link });
// The bridge says on standard error why it went; its reset of the link says nothing more.
lines.on("error", () => link.destroy());
const isGone = once(bridge, "exit").then(([code]) => {
  if (waiting.size > 0) throw new BenchError("GENERATOR_FAILED", `the bridge ended with ${code}`);
});

const waiting = new Map<number, (answer: Answer) => void>();
let nextId = 1;
let headed: { readonly id: number; readonly answer: Answer } | null = null;
lines.on("line", (line) => {
  if (headed !== null) {
    const { id, answer } = headed;
    headed = null;
    settle(id, answer);
    return;
  }
  const answer = JSON.parse(line);
  if (answer.body === true) headed = { id: answer.end, answer };
  else settle(answer.end ?? answer.id ?? 0, answer);
});

await ask(0, {
  op: "hello",
  v: 1,
  project: process.cwd(),
  process: { kind: "local", index: 0, pid: process.pid },
  versions: {},
});
const { nowMs } = (await ask(newId(), { op: "clock" })) as { nowMs: number };
const offsetMs = nowMs - performance.now();
const at = (): number => performance.now() + offsetMs;
await ask(newId(), {
  op: "start",
  run: `bench-${process.pid}`,
  part: null,
  share: { index: 0, of: 1 },
  plan: {},
  tally: null,
});
await Promise.all(
  Array.from({ length: task.users }, async (_, user) => {
    const opened = await ask(newId(), { op: "open", session: user + 1, server: BENCH_SERVER, at: at() });
    if (opened.ok !== true) throw new BenchError("GENERATOR_FAILED", `no session: ${JSON.stringify(opened)}`);
  }),
);

const bridgeCpu: CpuMeter = () => ({ bridge: cpuMsOf(bridge.pid ?? 0) });
const params = { name: task.tool, arguments: task.toolArguments };
const report = await runClosedLoop(
  task,
  async (user) => {
    const ended = await ask(newId(), { op: "call", session: user + 1, method: "tools/call", params, at: at() });
    return ended.ok === true;
  },
  bridgeCpu,
);
writeReport(report);
link.end('{"op":"quit"}\n');
await isGone;

function newId(): number {
  nextId += 1;
  return nextId;
}

function ask(id: number, fields: object): Promise<Answer> {
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    link.write(`${JSON.stringify({ ...fields, id })}\n`);
  });
}

function settle(id: number, answer: Answer): void {
  if (answer.op === "note" || answer.op === "auth") return;
  if (answer.op === "error") throw new BenchError("GENERATOR_FAILED", answer.message ?? "the bridge refused");
  waiting.get(id)?.(answer);
  waiting.delete(id);
}

/** User and system time of another process. @see proc_pid_stat(5): fields 14 and 15, in ticks of 10 ms */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
