import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runProgram } from "../../auth/run-program.ts";
import type { ProgramCall } from "../../auth/world.ts";

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "swarmbridge-run-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};

const run = (script: string, over: Partial<ProgramCall> = {}): Promise<string> =>
  runProgram({
    command: [process.execPath, "-e", script],
    env: {},
    cwd: tmpdir(),
    limitMs: 10_000,
    signal: new AbortController().signal,
    ...over,
  });

const why = async (attempt: Promise<unknown>): Promise<string | undefined> => {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "AUTH_COMMAND" });
  return (error as { detail: { why?: string } }).detail.why;
};

/** True when no such process is there, or only its remains, which nobody has collected (a container's init may not). */
const isGone = (pid: number): boolean => {
  try {
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
};

test("the output comes whole", async () => {
  expect(await run("process.stdout.write('tö'); setTimeout(() => process.stdout.write('ken'), 20)")).toBe("töken");
});

test("the program gets the environment it is given and no other, and nothing to read", async () => {
  process.env.SWARMBRIDGE_TEST_SECRET = "hunter2";
  onTestFinished(() => {
    delete process.env.SWARMBRIDGE_TEST_SECRET;
  });
  const script = "console.log(JSON.stringify([process.env, require('node:fs').readFileSync(0, 'utf8')]))";
  const [env, input] = JSON.parse(await run(script, { env: { ONLY: "this" } }));
  // macOS adds a variable of its own to every process.
  delete env.__CF_USER_TEXT_ENCODING;
  expect({ env, input }).toEqual({ env: { ONLY: "this" }, input: "" });
});

test("no shell reads the words", async () => {
  const words = ["$HOME", "; exit 1", "`id`", "a b"];
  expect(
    JSON.parse(await run("", { command: [process.execPath, "-p", "JSON.stringify(process.argv.slice(1))", ...words] })),
  ).toEqual(words);
});

describe("a program that fails", () => {
  test("says its exit code, and not what it printed", async () => {
    expect(await why(run("console.log('hunter2'); console.error('hunter2'); process.exit(7)"))).toBe("exit code 7");
  });

  test.runIf(process.platform !== "win32")("says the signal that ended it", async () => {
    expect(await why(run("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"))).toBe(
      "ended by SIGTERM",
    );
  });

  test.each([
    ["not there", ["/nowhere/get-token"], "is not there"],
    ["not there by name", ["no-such-program-anywhere"], "is not there"],
    ["not a name", ["a\u0000b"], "cannot be started: ERR_INVALID_ARG_VALUE"],
  ] as const)("is %s", async (_name, command, sentence) => {
    expect(await why(run("", { command }))).toBe(sentence);
  });

  test.runIf(process.platform !== "win32")("may not be run", async () => {
    const file = join(folder(), "get-token");
    writeFileSync(file, "#!/bin/sh\necho token\n", { mode: 0o644 });
    expect(await why(run("", { command: [file] }))).toBe("may not be run");
  });

  test("is named by its last part", async () => {
    await expect(run("", { command: ["/nowhere/of/mine/get-token", "--secret"] })).rejects.toMatchObject({
      sentence: "the program for the token failed: get-token (is not there)",
    });
  });

  test("prints without end", async () => {
    expect(await why(run("for (;;) process.stdout.write('x'.repeat(65536))"))).toBe("more than 64 KiB of output");
  });
});

describe.runIf(process.platform === "linux")("a program that hangs", () => {
  /** Starts a child, writes both ids to a file, and stays. */
  const family = () => {
    const path = join(folder(), "pids");
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(path)}, process.pid + ' ' + child.pid);
      setInterval(() => {}, 1000);`;
    const pids = () => readFileSync(path, "utf8").split(" ").map(Number);
    return { script, path, pids };
  };

  test("is killed at its limit, with all that it has started", async () => {
    const { script, pids } = family();
    expect(await why(run(script, { limitMs: 1500 }))).toBe("took longer than 1.5 s");
    await expect.poll(() => pids().every(isGone)).toBe(true);
  });

  test("is killed when the credential is closed", async () => {
    const { script, path, pids } = family();
    writeFileSync(path, "");
    const closing = new AbortController();
    const ended = why(run(script, { signal: closing.signal }));
    await expect.poll(() => readFileSync(path, "utf8"), { timeout: 10_000 }).not.toBe("");
    closing.abort();
    expect(await ended).toBe("was ended");
    await expect.poll(() => pids().every(isGone)).toBe(true);
  });

  test("does not hang us when only what it has started holds its output", async () => {
    const started = Date.now();
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8000)'], { stdio: 'inherit' });
      process.stdout.write('token ' + child.pid);
      child.unref();`;
    const [token, pid] = (await run(script)).split(" ");
    expect(token).toBe("token");
    expect(Date.now() - started).toBeLessThan(7000);
    await expect.poll(() => isGone(Number(pid))).toBe(true);
  });

  test("and leaves something in the background is rid of it at its own end", async () => {
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
      process.stdout.write(String(child.pid));
      child.unref();`;
    const pid = Number(await run(script));
    await expect.poll(() => isGone(pid)).toBe(true);
  });

  test("is not even kept when it was closed before", async () => {
    expect(await why(run("setInterval(() => {}, 1000)", { signal: AbortSignal.abort() }))).toBe("was ended");
  });
});
