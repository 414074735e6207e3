/** Searches whose Locust is a shell script: how a step ends is what counts. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryProject } from "../../config/temporary-project.ts";
import { resultsFolder, writeRecord } from "../../gate/written-record.ts";
import { gauges, sample } from "../../record/samples.ts";

const MAIN = join(import.meta.dirname, "..", "..", "..", "cli", "main.ts");
const YAML = `servers:
  learn: { url: "http://127.0.0.1:1/mcp", auth: none }
`;

/** @param step shell lines of one step; the record of a full step lies in `$RECORD` */
const started = (step: string) => {
  const folder = temporaryProject({ "loadtest.yaml": YAML, "users.py": "" });
  const samples = Array.from({ length: 20 }, () => sample({ serviceMs: 20 }));
  const record = writeRecord(resultsFolder(), samples, { readings: Array.from({ length: 10 }, () => gauges()) });
  const file = join(record.dir, "run.json");
  const sessions = { peak: 5, leftOpen: 0, byServer: { learn: { peak: 5, leftOpen: 0 } } };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), sessions }));
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\ncase "$*" in *--version) exit 0;; esac\n${step}\n`, { mode: 0o700 });
  const words = ["ceiling", "-f", "users.py", "--python", python, "--steps", "1,5", "--for", "8s", "--warm-up", "0s"];
  const child = spawn(process.execPath, [MAIN, ...words, "--pause", "0s"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", RECORD: record.dir },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const ended = new Promise<{ code: number | null; said: string; found: { state: string; answer: object } }>(
    (resolve) => {
      child.on("close", (code) => {
        const [search = ""] = readdirSync(join(folder, "results"));
        const found = JSON.parse(readFileSync(join(folder, "results", search, "ceiling.json"), "utf8"));
        resolve({ code, said, found });
      });
    },
  );
  return { child, folder, ended };
};

const FULL = `cp -r "$RECORD" "$SWARMBRIDGE_RESULTS/run"`;

it("Ctrl-C before a step's run has begun keeps the answer so far", async () => {
  const { child, folder, ended } = started("touch began; exec sleep 60");
  await vi.waitFor(() => expect(existsSync(join(folder, "began"))).toBe(true), { timeout: 20_000 });
  child.kill("SIGINT");
  const { code, said, found } = await ended;
  expect(said).toContain("no answer: no step ended");
  expect({ code, state: found.state }).toEqual({ code: 130, state: "interrupted" });
});

it("a step that cannot be run loses nothing of the steps before it", async () => {
  const { folder, ended } = started(
    `[ -e first ] && { echo "no such option in $PYTHONPATH"; exit 2; }; touch first; ${FULL}`,
  );
  const { code, said, found } = await ended;
  // A locustfile of another folder finds our modules.
  expect(said).toContain(join(folder, "locustfiles"));
  expect(said).toContain("at least 1 session");
  expect(said).toContain("no such option");
  expect(said).toContain("8.0 s each without warm-up");
  expect({ code, state: found.state }).toEqual({ code: 3, state: "interrupted" });
});

it("a step whose Locust was killed proves nothing", async () => {
  const { ended } = started(`${FULL}; [ -e first ] && kill -9 $$; touch first`);
  const { code, said, found } = await ended;
  expect(found.answer).toMatchObject({ kind: "at-least", sessions: 1 });
  expect(said.replaceAll(/\s+/g, " ")).toContain("the step with 5 was cut off: Locust was ended by SIGKILL");
  expect(code).toBe(0);
});

it("a search goes on only with the steps that it was begun with", async () => {
  const { folder, ended } = started("exit 2");
  expect((await ended).code).toBe(3);
  const [search = ""] = readdirSync(join(folder, "results"));
  const words = ["-f", "users.py", "--python", "./python", "--for", "8s", "--resume", join("results", search)];
  const { status, stderr } = spawnSync(process.execPath, [MAIN, "ceiling", ...words, "--steps", "1,5,9"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
    encoding: "utf8",
  });
  expect(stderr).toContain("that search has steps 1, 5, and this one steps 1, 5, 9");
  expect(status).toBe(3);
});
