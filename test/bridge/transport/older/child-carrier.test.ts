import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FromServer } from "../../../../bridge/from-server.ts";
import type { ServerSettings } from "../../../../config/settings.ts";
import { type Harness, harness } from "../../mcp-harness.ts";

const SERVER = join(import.meta.dirname, "../../stdio-server.ts");

const open: Harness[] = [];
afterEach(async () => {
  for (const mcp of open.splice(0)) await mcp.close();
});

const child = (
  over: Partial<NonNullable<ServerSettings["stdio"]>> = {},
  more: Partial<ServerSettings> = {},
  deps: Parameters<typeof harness>[1] = {},
): Harness => {
  const stdio = { command: process.execPath, args: [SERVER], env: {}, cwd: import.meta.dirname, ...over };
  const mcp = harness({ url: "stdio:a", transport: "stdio", stdio, ...more }, deps);
  open.push(mcp);
  return mcp;
};

const textOf = async (call: ReturnType<Harness["tool"]>): Promise<string> => {
  const { failure, result } = await call;
  expect(failure).toBeNull();
  return (result as { content: { text: string }[] }).content[0]?.text ?? "";
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a server that is a process", () => {
  test("is opened, called, listed and ended with its session", async () => {
    const mcp = child();
    const operation = mcp.operation();
    expect((await mcp.session.open(operation)).failure).toBeNull();
    expect(mcp.session).toMatchObject({ era: "session", isOpen: true, handshake: "initialize" });
    expect(operation.sentMs).toBeGreaterThan(0);
    expect(operation.endMs).toBeGreaterThan(operation.sentMs);
    const call = mcp.operation();
    expect(await textOf(mcp.session.call(call, "tools/call", { name: "echo", arguments: { text: "hé" } }))).toBe("hé");
    expect(call).toMatchObject({ requests: 1 });
    expect(call.bytesIn).toBeGreaterThan(20);
    expect((await mcp.call("tools/list")).result).toHaveProperty("tools.length", 8);
    const pid = Number(await textOf(mcp.tool("pid")));
    expect(mcp.server.connections.read()).toMatchObject({ opened: { stdio: 1 }, open: 1, closedByServer: 0 });
    await mcp.session.close(null);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(mcp.server.connections.read()).toMatchObject({ closedByUs: 1, closedByServer: 0 });
  });

  test("is one for each session", async () => {
    const mcp = child();
    await mcp.open();
    const other = mcp.newSession();
    await other.open(mcp.operation());
    const theirs = await textOf(other.call(mcp.operation(), "tools/call", { name: "pid", arguments: {} }));
    expect(theirs).not.toBe(await textOf(mcp.tool("pid")));
    await other.close(null);
  });

  test("has the environment and the folder that it was given, and not the bridge's own", async () => {
    vi.stubEnv("SECRET_OF_THE_BRIDGE", "hunter2");
    const mcp = child({ env: { LEVEL: "warn" }, cwd: tmpdir() });
    await mcp.open();
    expect(await textOf(mcp.tool("variable", { name: "LEVEL" }))).toBe("warn");
    expect(await textOf(mcp.tool("variable", { name: "SECRET_OF_THE_BRIDGE" }))).toBe("");
    expect(await textOf(mcp.tool("variable", { name: "PATH" }))).not.toBe("");
    expect(await textOf(mcp.tool("folder"))).toBe(tmpdir());
    vi.unstubAllEnvs();
  });

  test("may ask its client something in the middle of a call", async () => {
    const roots = [{ uri: "file:///work" }];
    const fromServer = new FromServer("a");
    const mcp = child({}, { answers: { roots, sampling: null, elicitation: null } }, { fromServer });
    await mcp.open();
    expect(JSON.parse(await textOf(mcp.tool("ask")))).toEqual({ roots });
    expect(fromServer.take()).toMatchObject({ counts: { roots: 1 }, answeredMs: [expect.any(Number)], unanswered: 0 });
  });
});

describe("a process that does not do its part", () => {
  test("is not there: connect, with the system's code", async () => {
    const mcp = child({ command: "/absent/program" });
    const { failure } = await mcp.open();
    expect(failure).toMatchObject({ reason: "connect" });
    expect(failure?.detail).toContain("ENOENT");
    expect(mcp.server.connections.read()).toMatchObject({ opened: {}, open: 0 });
  });

  test("says nothing of MCP: timeout of the handshake, and it is gone", async () => {
    const mcp = child(
      { args: ["-e", "setInterval(() => {}, 1000)"] },
      { limits: { connectMs: 500, initializeMs: 300, callMs: 500, listMs: 500, closeMs: 500 } },
    );
    expect((await mcp.open()).failure?.reason).toBe("timeout");
    let ended = 0;
    await vi.waitFor(() => {
      const reading = mcp.server.connections.read();
      ended += (reading?.closedByUs ?? 0) + (reading?.closedByServer ?? 0);
      expect(ended).toBe(1);
    });
  });

  test("ends at once: disconnected, with the last that it said, freed of its secrets", async () => {
    const script = "console.error('no key ' + process.env.API_KEY); process.exit(3)";
    const { failure } = await child({ args: ["-e", script], env: { API_KEY: "hunter2-key" } }).open();
    expect(failure?.reason).toBe("disconnected");
    expect(failure?.detail).toContain("the process ended; the last it said: no key");
    expect(failure?.detail).not.toContain("hunter2-key");
  });

  test.each([
    ["an address", "postgres://app:Passw0rdVeryLong@db/x", "env.PLACE"],
    ["the password of an address", "postgres://app:Passw0rdVeryLong@db/x", "new URL(env.PLACE).password"],
    ["the last line of a key", "-----BEGIN\nQUJDREVGR0hJSktMTU5PUA", "env.PLACE.split('\\n')[1]"],
  ])("ends and says %s, in a variable whose name tells nothing: it is not repeated", async (_what, place, said) => {
    const script = `const { env } = process; console.error('no way to ' + ${said}); process.exit(3)`;
    const { failure } = await child({ args: ["-e", script], env: { PLACE: place } }).open();
    expect(failure?.detail).toMatch(/no way to \[redacted\]$/);
  });

  test("ends with a line that is longer than what is told of it: no part of a secret is in it", async () => {
    const script = "console.error('key ' + process.env.API_KEY + ' ' + 'x'.repeat(1959)); process.exit(3)";
    const { failure } = await child({
      args: ["-e", script],
      env: { API_KEY: "hunter2-abcdefghijklmnopqrstuvwxyz" },
    }).open();
    expect(failure?.detail).toMatch(/said: key \[redacted\] x+…$/);
  });

  test("ends in the middle of calls: each is disconnected, the next is session-lost, and a new one can be opened", async () => {
    const mcp = child();
    await mcp.open();
    const calls = await Promise.all([mcp.tool("hang"), mcp.tool("die"), mcp.tool("hang")]);
    expect(calls.map(({ failure }) => failure?.reason)).toEqual(Array(3).fill("disconnected"));
    expect(calls[1]?.failure?.detail).toContain("the disk is full");
    expect((await mcp.tool()).failure?.reason).toBe("session-lost");
    expect(mcp.session.isOpen).toBe(false);
    expect((await mcp.open()).failure).toBeNull();
    expect(mcp.server.connections.read()).toMatchObject({ opened: { stdio: 2 }, closedByServer: 1 });
  });

  test("does not answer: timeout, and the session goes on", async () => {
    const mcp = child();
    await mcp.open();
    expect((await mcp.call("tools/call", { name: "hang", arguments: {} }, 100)).failure?.reason).toBe("timeout");
    expect(await textOf(mcp.tool("echo", { text: "on" }))).toBe("on");
  });

  test("answers more than the limit: the call fails, and the bridge holds no more of it", async () => {
    const mcp = child({}, { maxAnswerBytes: 20_000 });
    await mcp.open();
    expect((await mcp.tool("large", { bytes: 10_000 })).failure).toBeNull();
    expect((await mcp.tool("large", { bytes: 500_000 })).failure?.reason).toBe("too-large");
  });

  test("answers more than the limit and does not end: the call fails before the process is made to", async () => {
    const mcp = child({ args: [SERVER, "stubborn"] }, { maxAnswerBytes: 20_000 });
    await mcp.open();
    const pid = Number(await textOf(mcp.tool("pid")));
    expect((await mcp.tool("large", { bytes: 500_000 })).failure?.reason).toBe("too-large");
    expect(isAlive(pid)).toBe(true);
    expect(mcp.server.connections.read()).toMatchObject({ closedByUs: 1, closedByServer: 0 });
    process.kill(pid, "SIGKILL");
  });

  test("ends, and a helper of it holds its output: disconnected all the same", async () => {
    const helper = "spawn('sleep', ['20'], { stdio: 'inherit', detached: true })";
    const script = `const { pid } = require('node:child_process').${helper}; console.error(pid); process.exit(3)`;
    const { failure } = await child({ args: ["-e", script] }).open();
    expect(failure).toMatchObject({ reason: "disconnected" });
    const [, pid] = /^the process ended; the last it said: (\d+)$/.exec(failure?.detail ?? "") ?? [];
    process.kill(Number(pid), "SIGKILL");
  });

  test("closes its output and stays: disconnected", async () => {
    const script = "require('node:fs').closeSync(1); setInterval(() => undefined, 1_000)";
    const { failure } = await child({ args: ["-e", script] }).open();
    expect(failure).toEqual({ reason: "disconnected", detail: "the process closed its output" });
  });
});

test("what the process started ends with it", async () => {
  const script = `sleep 60 & exec "${process.execPath}" "${SERVER}"`;
  const mcp = child({ command: "/bin/sh", args: ["-c", script] });
  await mcp.open();
  const shell = Number(await textOf(mcp.tool("pid")));
  // One that has ended may stand there still, for want of somebody who asks how.
  const inGroup = () =>
    spawnSync("ps", ["-o", "stat=", "-g", String(shell)])
      .stdout.toString()
      .split("\n")
      .filter((state) => state !== "" && !state.startsWith("Z"));
  expect(inGroup()).toHaveLength(2);
  await mcp.session.close(null);
  await vi.waitFor(() => expect(inGroup()).toEqual([]));
});

/** A bridge of a kind: it opens a session and says the process's id. */
const ownerOf = async (argument: string) => {
  const owner = spawn(process.execPath, [join(import.meta.dirname, "../../stdio-owner.ts"), SERVER, argument], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  return { owner, pid: Number(line.toString()) };
};

describe("no process outlives the bridge", () => {
  test("that is killed", async () => {
    const { owner, pid } = await ownerOf("");
    expect(isAlive(pid)).toBe(true);
    owner.kill("SIGKILL");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 });
  });

  test("that exits without closing anything, not even a stubborn one", async () => {
    const { owner, pid } = await ownerOf("stubborn");
    expect(isAlive(pid)).toBe(true);
    owner.kill("SIGTERM");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 });
  });
});
