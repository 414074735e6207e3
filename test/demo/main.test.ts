import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { SERVER_NAMES } from "../../demo/server-name.ts";

const MAIN = fileURLToPath(new URL("../../demo/main.ts", import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
});

function start(...args: string[]): ChildProcessWithoutNullStreams {
  const demo = spawn(process.execPath, [MAIN, ...args]);
  child = demo;
  return demo;
}

async function startedWithJson(...args: string[]) {
  const demo = start("--port", "0", "--json", ...args);
  const [line] = (await once(createInterface(demo.stdout), "line")) as [string];
  return { demo, servers: JSON.parse(line).servers as Record<string, string> };
}

async function ended(demo: ChildProcessWithoutNullStreams) {
  let stdout = "";
  let stderr = "";
  demo.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  demo.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(demo, "close");
  return { code, stdout, stderr };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "the fleet says in one line where it runs, and ends with 0 on %s",
  async (signal) => {
    const { demo, servers } = await startedWithJson();
    expect(Object.keys(servers)).toEqual([...SERVER_NAMES]);
    const counts = await fetch(new URL("/__counts", servers.learn));
    expect(await counts.json()).toMatchObject({ sessions: { open: 0 } });
    demo.kill(signal);
    expect(await ended(demo)).toMatchObject({ code: 0, stderr: "" });
  },
);

test("it ends with its standard input when it was told to", async () => {
  const { demo } = await startedWithJson("--until-stdin-closes");
  demo.stdin.end();
  expect(await ended(demo)).toMatchObject({ code: 0 });
});

test("it ends at once when its standard input is empty and it was told to", async () => {
  child = spawn(process.execPath, [MAIN, "--port", "0", "--until-stdin-closes"], { stdio: ["ignore", "pipe", "pipe"] });
  const [code] = await once(child, "close");
  expect(code).toBe(0);
});

test("it does not end with its standard input when it was not told to", async () => {
  const { demo, servers } = await startedWithJson();
  demo.stdin.end();
  const counts = await fetch(new URL("/__counts", servers.github));
  expect(counts.status).toBe(200);
});

test("a port that is taken is one sentence and exit code 3", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const end = await ended(start("--port", String(port - 1)));
  taken.close();
  expect(end.code).toBe(3);
  expect(end.stderr.trim()).toBe(
    `Port ${port} is taken: end the program that has it, or choose other ports with --port (0 takes free ones).`,
  );
});

test("a wrong option is one sentence and exit code 3", async () => {
  const end = await ended(start("--speed", "fast"));
  expect(end.code).toBe(3);
  expect(end.stderr.trim().split("\n")).toHaveLength(1);
});

test("--delays prints a row for each operation and ends", async () => {
  const end = await ended(start("--delays"));
  expect(end.code).toBe(0);
  expect(end.stdout).toMatch(/github +tools\/call:search_code +302 +1560/);
});

test("the friendly table names the ports that loadtest.yaml has to know", async () => {
  const demo = start("--port", "0");
  let text = "";
  for await (const line of createInterface(demo.stdout)) {
    text += `${line}\n`;
    if (line.startsWith("What a server received")) break;
  }
  expect(text).toMatch(/DEMO_AZURE_DEVOPS_PORT=\d+ .*\n? *SWARMBRIDGE_CONFIG=demo\/loadtest.yaml locust -f multi.py/s);
});
