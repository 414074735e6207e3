import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";

test("the process says where it is, takes changes, tells what there is, and ends with its input", async () => {
  const child: ChildProcess = spawn(process.execPath, ["test/fakes/load-testing/main.ts"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
  expect(await next()).toMatchObject({
    urls: { dataPlaneHost: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    variables: { NODE_EXTRA_CA_CERTS: expect.stringMatching(/ca\.pem$/) },
    settingsYaml: expect.stringContaining("use: environment"),
  });
  child.stdin?.write('{"faults":{"dataPlane":{"throttled":3},"validationFailure":"no"},"timing":{"stateMs":5}}\n');
  expect(await next()).toMatchObject({
    tests: [],
    runs: [],
    faults: { dataPlane: { throttled: 3, unavailable: 0 }, validationFailure: "no" },
  });
  child.stdin?.end();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});
