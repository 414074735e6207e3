import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryProject } from "../../config/temporary-project.ts";

const MAIN = join(import.meta.dirname, "..", "..", "..", "cli", "main.ts");
const YAML = `servers:
  mine: { url: "http://127.0.0.1:1/mcp", auth: none }
  theirs: { url: "https://mcp.example.com/mcp", auth: none }
`;

const run = (words: readonly string[], folder: string): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, "ceiling", ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "" },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    child.on("close", (code) => resolve({ code, said }));
  });

it.each([
  ["more than other people's servers are held to", ["theirs"], "held to 17 users"],
  ["no server of several", [], "name it"],
  ["two servers", ["mine", "theirs"], "one word too many"],
  ["a locustfile that is not there", ["mine", "-f", "none.py"], "-f names none.py"],
  ["a Python without Locust", ["mine", "-f", "users.py", "--python", "./none"], "no Python with Locust"],
  ["a baseline that is none", ["mine", "--baseline", "users.py"], "no ceiling.json"],
])("wrong input is said before anything runs: %s", async (_, words, sentence) => {
  const folder = temporaryProject({ "loadtest.yaml": YAML });
  writeFileSync(join(folder, "users.py"), "");
  const { code, said } = await run(words, folder);
  expect(said).toContain(sentence);
  expect(code).toBe(3);
  expect(existsSync(join(folder, "results"))).toBe(false);
});
