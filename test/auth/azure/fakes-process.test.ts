import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

test("the fakes run as a process of their own, change on a line, and end with their standard input", async () => {
  const child = spawn(process.execPath, ["test/fakes/azure-main.ts"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value ?? "null");
  const ready = await line();
  expect(ready).toMatchObject({
    urls: { entra: expect.stringMatching(/^https:/), keyVault: expect.stringMatching(/^https:/) },
    caFile: expect.stringContaining("ca.pem"),
    variables: { imds: { AZURE_POD_IDENTITY_AUTHORITY_HOST: expect.stringMatching(/^http:/) } },
  });
  child.stdin.write(`${JSON.stringify({ lifeSeconds: 20, put: { t: "x" }, entra: { outage: 500 } })}\n`);
  expect(await line()).toMatchObject({ tokenRequests: 0, identityRequests: 0, reads: 0, tokens: [] });
  child.stdin.end();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});
