/**
 * The null server, a process of its own: MCP over plain TCP with ready-made answers, so fast that no contender is
 * ever limited by it. Speaks both eras, as JSON or SSE, chosen by the path. Ends with its parent.
 */
import { createServer } from "node:net";
import { answerTo } from "./answers.ts";
import type { LoadSample } from "./load.ts";
import type { Listening, Served } from "./questions.ts";
import { RequestReader } from "./request-reader.ts";

const SAMPLE_EVERY_MS = 20;
const SAMPLES_KEPT = 3_000;

let calls = 0;
let opens = 0;
const samples: LoadSample[] = [];

const newSessionId = (): string => {
  opens += 1;
  return `session-${opens.toString(16).padStart(16, "0")}`;
};

const server = createServer({ noDelay: true }, (socket) => {
  const reader = new RequestReader();
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    let answers = "";
    for (const asked of reader.read(chunk)) {
      if (asked.method === "tools/call") calls += 1;
      answers += answerTo(asked, newSessionId);
    }
    if (answers !== "") socket.write(answers, "latin1");
  });
  // A generator that was ended resets its connections; there is nothing to do about it.
  socket.on("error", () => socket.destroy());
});

const sample = (): void => {
  const { user, system } = process.cpuUsage();
  samples.push({ atMs: Date.now(), cpuMs: (user + system) / 1000 });
  if (samples.length > SAMPLES_KEPT) samples.shift();
};

process.on("message", () => {
  sample();
  process.send?.({ calls, opens, samples } satisfies Served);
});
process.on("disconnect", () => process.exit());
// Ctrl-C in a terminal reaches the whole group; the bench ends this process after the generators.
process.on("SIGINT", () => {});

server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  setInterval(sample, SAMPLE_EVERY_MS);
  process.send?.({ port: address.port } satisfies Listening);
});
