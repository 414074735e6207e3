import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";

const SECRET = "canary-7f3a90c2d15e48b6";
const FILES = new URL("../../bridge/", import.meta.url);

/** Runs a program whose output has been cleaned, with the secret known. Node's own debugging is on when asked for. */
const run = (program: string, environment: Readonly<Record<string, string>> = {}) => {
  const text = `
    import { cleanOutput } from "${new URL("clean-output.ts", FILES)}";
    import { Redactor } from "${new URL("redactor.ts", FILES)}";
    const redactor = new Redactor();
    redactor.learn("${SECRET}");
    cleanOutput(redactor, "bridge");
    const secret = "${SECRET.slice(0, 8)}" + "${SECRET.slice(8)}";
    ${program}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", text], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: "utf8",
  });
  expect(stdout + stderr).not.toContain(SECRET);
  return { status, stdout, stderr };
};

describe("what a process says", () => {
  test("is cleaned on both outputs, as text and as bytes, and otherwise passed on", () => {
    const { stdout, stderr, status } = run(`
      process.stdout.write("out " + secret + "\\n");
      process.stderr.write(Buffer.from("err " + secret + "\\n"));
      process.stdout.write(new Uint8Array([0xff, 0x0a]), () => process.stdout.write("called back\\n"));
    `);
    expect(stdout).toBe("out [redacted]\n\ufffd\ncalled back\n");
    expect(stderr).toBe("err [redacted]\n");
    expect(status).toBe(0);
  });

  test("as JSON keeps its keys when a secret is a word, and what only begins like JSON is cleaned as text", () => {
    const { stdout } = run(`
      redactor.learn("version");
      process.stdout.write('{"version":1.10,"text":"' + secret + ' version"}\\n');
      process.stdout.write('{"version" is ' + secret + '\\n');
    `);
    expect(stdout).toBe('{"version":1.10,"text":"[redacted] [redacted]"}\n{"[redacted]" is [redacted]\n');
  });

  test("by console and as a warning is cleaned", () => {
    const { stderr } = run(`console.error({ token: secret }); process.emitWarning("it is " + secret);`);
    expect(stderr).toContain("token: '[redacted]'");
    expect(stderr).toContain("Warning: it is [redacted]");
  });

  test("by Node's own debugging is cleaned", () => {
    const { stderr } = run(
      `import { createServer, get } from "node:http";
       const server = createServer((_, response) => response.end()).listen(0, "127.0.0.1", () => {
         const headers = { authorization: "Bearer " + secret };
         get({ port: server.address().port, path: "/?key=" + secret, headers }, (answer) => answer.resume().on("end", () => server.close()));
       });`,
      { NODE_DEBUG: "*" },
    );
    expect(stderr).toContain("HTTP");
    expect(stderr).toContain("[redacted]");
  });
});

describe("a defect", () => {
  test.each([
    ["that is thrown", `setImmediate(function here() { throw new TypeError("bad " + secret); });`],
    ["that rejects", `void (async function here() { throw new TypeError("bad " + secret); })();`],
  ])("%s ends the process with its kind, its message and its place", (_how, program) => {
    const { status, stderr } = run(program);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^bridge: a defect ended it: TypeError: bad \[redacted\]\n {4}at .*here/);
  });

  test("says nothing of a cause or of properties, which may hold anything", () => {
    const { stderr } = run(
      `setImmediate(() => { throw Object.assign(new Error("bad", { cause: "hunter2" }), { response: "hunter2" }); });`,
    );
    expect(stderr).not.toContain("hunter2");
  });

  test("that is no error is told all the same", () => {
    expect(run(`Promise.reject("only " + secret);`).stderr).toContain("[redacted]");
  });
});

test("a diagnostic report holds no environment", () => {
  expect(run("process.stdout.write(String('environmentVariables' in process.report.getReport()));").stdout).toBe(
    "false",
  );
});
