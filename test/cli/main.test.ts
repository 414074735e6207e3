import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { temporaryProject } from "../config/temporary-project.ts";
import { openServer, SECRETS } from "./set-ups.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what has come on standard output so far; may end the process. */
  readonly onOut?: (text: string, child: ReturnType<typeof spawn>) => void;
  readonly onStart?: (child: ReturnType<typeof spawn>) => Promise<void>;
}

const run = async (words: readonly string[], { cwd, env = {}, onOut, onStart }: Start = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: cwd ?? temporaryProject({}),
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
    onOut?.(out, child);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
  await onStart?.(child);
  return ended;
};

const projectOn = async (listener: Parameters<typeof createServer>[1], auth = "none"): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return temporaryProject({ "loadtest.yaml": `servers:\n  mine:\n    url: ${url}\n    auth: ${auth}\n` });
};

describe("what it is", () => {
  test("is said to whoever types the bare name", async () => {
    const { code, out } = await run([]);
    expect(code).toBe(0);
    expect(out).toContain("swarmbridge auth check");
    expect(out).toContain("locust -f multi.py");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("each subcommand explains itself", async () => {
    expect(await run(["auth", "check", "--help"])).toMatchObject({ code: 0, out: expect.stringContaining("--json") });
  });

  test("its version is the package's", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
  });
});

describe("what was typed wrong ends with 3 and a suggestion", () => {
  test.each([
    [["atuh"], /unknown command 'atuh'[\s\S]*auth/],
    [["auth", "chek"], /unknown command 'chek'[\s\S]*check/],
    [["auth", "check", "--jsno"], /unknown option '--jsno'[\s\S]*--json/],
    [["auth", "check", "--identity", "0"], /whole number from 1/],
    [["auth", "check", "a", "b"], /too many arguments/],
    [["auth", "check", "-c", "nowhere.yaml"], /^-c names nowhere\.yaml, which is not a file/],
    [["auth", "check"], /there is no loadtest\.yaml/],
  ])("%j", async (words, says) => {
    const { code, out, err } = await run(words);
    expect(code).toBe(3);
    expect(err).toMatch(says);
    expect(out).toBe("");
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("a server that is not there", async () => {
    const cwd = await projectOn(openServer());
    expect(await run(["auth", "check", "mien"], { cwd })).toMatchObject({
      code: 3,
      err: expect.stringMatching(/did you mean mine\?/),
    });
  });
});

test("with --json an error is JSON too, on standard output", async () => {
  const { code, out } = await run(["auth", "check", "--json"]);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ version: 1, exitCode: 3, error: { code: "CONFIG_MISSING" } });
});

test.each([
  [["auth", "check", "--json", "--bogus"], /unknown option '--bogus'/],
  [["auth", "check", "--json", "-c", "nowhere.yaml"], /^-c names nowhere\.yaml/],
])("what was typed wrong is JSON too: %j", async (words, says) => {
  const { code, out } = await run(words);
  expect(code).toBe(3);
  const { error, ...rest } = JSON.parse(out);
  expect(rest).toEqual({ version: 1, exitCode: 3 });
  expect(error).toMatchObject({ code: "COMMAND", lines: expect.arrayContaining([expect.stringMatching(says)]) });
});

test("an identity is not asked for in silence where there are none", async () => {
  const cwd = await projectOn(openServer());
  for (const words of [["mine"], []]) {
    const { code, err } = await run(["auth", "check", ...words, "-i", "3"], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(words.length > 0 ? /^mine has no identities/ : /^no server of loadtest\.yaml has identities/);
  }
});

test("a defect of ours is no wrong input, and its message, which may hold anything, is not shown", async () => {
  const broken = "process.cwd = () => { throw new TypeError('s3cret') }";
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(broken)}`;
  const { code, out, err } = await run(["auth", "check", "--json"], { env: { NODE_OPTIONS } });
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ exitCode: 2, error: { code: "DEFECT" } });
  expect(out + err).not.toContain("s3cret");
});

test("a check of a good server ends with 0 and, without a terminal, with no colour", async () => {
  const cwd = await projectOn(openServer());
  const { code, out, err } = await run(["auth", "check"], { cwd });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("✓ without token");
  expect(out).not.toContain("\u001b");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)(
  "%s in the middle of a check ends it with %i, and the program that runs for its token",
  async (signal, ends) => {
    const cwd = await projectOn(openServer(), `{ strategy: command, run: [${process.execPath}, program.cjs] }`);
    writeFileSync(
      join(cwd, "program.cjs"),
      `require("node:fs").writeFileSync("pid.part", String(process.pid));
    require("node:fs").renameSync("pid.part", "pid");
    setTimeout(() => undefined, 60_000);`,
    );
    const pid = join(cwd, "pid");
    const { code } = await run(["auth", "check"], {
      cwd,
      onStart: async (child) => {
        await vi.waitUntil(() => existsSync(pid), { timeout: 10_000 });
        child.kill(signal);
      },
    });
    expect(code).toBe(ends);
    const program = Number(readFileSync(pid, "utf8"));
    await vi.waitFor(() => expect(() => process.kill(program, 0)).toThrow("ESRCH"), { timeout: 5_000 });
  },
);

test("a reader that has seen enough ends it quietly", async () => {
  const cwd = await projectOn(openServer(), "{ strategy: bearer, env: TOKEN }");
  const { err } = await run(["auth", "check"], {
    cwd,
    env: { TOKEN: SECRETS.good },
    onOut: (_text, child) => child.stdout?.destroy(),
  });
  expect(err).toBe("");
});

test("auth login says what is missing where no server logs in with the browser", async () => {
  const cwd = await projectOn(openServer());
  expect(await run(["auth", "login"], { cwd })).toMatchObject({
    code: 3,
    err: expect.stringContaining("credential: { use: browser }"),
  });
});
