/** `azure rehearse` as a process, with a Python that is a script of ours: no pip and no Locust takes its time here. */

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readRun } from "../../record/read-run.ts";
import { writeEngineRecord } from "../azure/rehearsal/engine-record.ts";
import { temporaryProject } from "../config/temporary-project.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");

/** Answers as Python does to what is asked of it. `-m venv` makes a Locust that does what FAKE_LOCUST says. */
const PYTHON = `#!/bin/sh
case "$*" in
  "-c "*) echo 3.9.18 ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && cp "$(dirname "$0")/locust" "$3/bin/locust" ;;
  "-m pip "*)
    case "$(cat "$8")" in *impossible*) echo "ERROR: No matching distribution found for impossible" >&2; exit 1 ;; esac ;;
esac
`;
const LOCUST = `#!/bin/sh
n=$SWARMBRIDGE_ENGINE
echo "$*" > "$FAKE_PLACE/words-$n"
env > "$FAKE_PLACE/environment-$n"
ls -l | awk 'NR > 1 { print $1, $NF }' > "$FAKE_PLACE/files-$n"
case "$FAKE_LOCUST" in
  runs|lacks)
    if [ "$FAKE_LOCUST" = lacks ]; then
      echo "[x] h/WARNING/swarmbridge: Left out for want of a credential: github (needs MISSING_SECRET)."
    fi
    mkdir -p "$TMPDIR/swarmbridge-results-1"
    cp -r "$FAKE_PLACE" "$TMPDIR/swarmbridge-results-1/run"
    echo "[x] h/WARNING/swarmbridge: Engine $n of $SWARMBRIDGE_ENGINES: Python 3.9.18; the record lies in $TMPDIR"
    head -c 400000 /dev/zero | tr '\\0' '\\n'
    touch beside 2>/dev/null || echo denied > "$FAKE_PLACE/denied-$n" ;;
  refuses) echo "[x] h/ERROR/swarmbridge: Node.js was not found for $MCP_SECRET"; exit 3 ;;
  waits)
    trap 'echo told > "$FAKE_PLACE/told-$n"; exit 0' TERM
    echo started > "$FAKE_PLACE/started-$n"
    while :; do sleep 0.05; done ;;
esac
`;
const SECRET = "canary-5e1a-rehearsed-token";

interface Rehearsed {
  readonly requirements?: string;
  readonly words?: readonly string[];
  /** Folders among the temporary files, from before. */
  readonly left?: readonly string[];
}

const rehearse = (behaviour: string, { requirements = "", words = [], left = [] }: Rehearsed = {}) => {
  const project = temporaryProject({ "bin/python3.9": PYTHON, "bin/locust": LOCUST, ".env": `MCP_SECRET=${SECRET}\n` });
  const [kept, tmp, up] = ["kept", "tmp", "up"].map((name) => join(project, name)) as [string, string, string];
  for (const folder of [tmp, up]) mkdirSync(folder);
  for (const folder of left) mkdirSync(join(tmp, folder, "engine-1", "code"), { recursive: true });
  for (const name of ["python3.9", "locust"]) chmodSync(join(project, "bin", name), 0o755);
  if (behaviour === "runs" || behaviour === "lacks") writeEngineRecord(kept, [10, 20]);
  else mkdirSync(kept);
  const env = {
    LOCUST_USERS: "5",
    LOCUST_SPAWN_RATE: "5",
    SWARMBRIDGE_ENGINES: "2",
    FAKE_LOCUST: behaviour,
    FAKE_PLACE: kept,
  };
  // JSON is YAML, too.
  const test = {
    testPlan: "multi.py",
    testType: "Locust",
    engineInstances: 2,
    configurationFiles: ["requirements.txt"],
    properties: { userPropertyFile: "locust.conf" },
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    secrets: ["MCP_SECRET", "MISSING_SECRET"].map((name) => ({ name, value: "https://v.vault.azure.net/secrets/s" })),
  };
  const files = {
    "azure-load-test.yaml": JSON.stringify(test),
    "multi.py": "",
    "not-named.py": "",
    "locust.conf": "headless = true\n",
    "requirements.txt": requirements,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(up, name), text);
  const child = spawn(process.execPath, [MAIN, "azure", "rehearse", "--dir", "up", "--run-time", "1", ...words], {
    cwd: project,
    env: {
      PATH: `${join(project, "bin")}:/usr/bin:/bin`,
      TMPDIR: tmp,
      XDG_CACHE_HOME: join(project, "cache"),
      INHERITED: "nothing",
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said += String(text);
    });
  }
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, said })),
  );
  return { child, ended, project, kept, tmp };
};

const KEPT = "swarmbridge-rehearsal-kept-x";
/** Of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ["-v"]).pid;

const leftIn = (tmp: string): string[] => readdirSync(tmp).filter((name) => name.startsWith("swarmbridge-"));

test("a folder that runs is told so, with the engines' records merged, and nothing is left behind", async () => {
  // A rehearsal that was killed left a folder, and another one was told to keep its own.
  const { ended, project, kept, tmp } = rehearse("runs", { left: [`swarmbridge-rehearsal-${deadPid()}-x`, KEPT] });
  const { code, said } = await ended;
  expect(said).toContain("Engine 2 of 2: Python 3.9.18");
  expect(said).toContain("MISSING_SECRET is not set here");
  expect(said).toContain("4 operations in 5.0 s, no failures");
  expect(said).not.toContain(SECRET);
  expect(code).toBe(0);
  const [run] = readdirSync(join(project, "results"));
  expect(readRun(join(project, "results", run ?? "")).file).toMatchObject({
    id: run,
    plan: { users: 8, rehearsed: 2 },
  });
  expect(leftIn(tmp)).toEqual([KEPT]);
  expect(existsSync(join(kept, "denied-1")) || said.includes("for root no folder is read-only here")).toBe(true);

  const environment = readFileSync(join(kept, "environment-1"), "utf8");
  expect(environment).toMatch(/^HOME=\/dev\/null$/m);
  expect(environment).toMatch(/^SWARMBRIDGE_ENGINE=1$/m);
  expect(environment).toMatch(/^LOCUST_USERS=5$/m);
  expect(environment).toContain(`MCP_SECRET=${SECRET}`);
  expect(environment).not.toContain("INHERITED");
  expect(readFileSync(join(kept, "words-1"), "utf8").trim()).toBe(
    "-f multi.py --config locust.conf --headless --only-summary --users 3 --spawn-rate 2.5 --run-time 1s",
  );
  expect(readFileSync(join(kept, "files-1"), "utf8").split("\n").filter(Boolean)).toEqual([
    "-r--r--r-- locust.conf",
    "-r--r--r-- multi.py",
    "-r--r--r-- requirements.txt",
  ]);
}, 20_000);

test("an engine that would fail at Azure fails here, in its own words", async () => {
  const { ended, tmp } = rehearse("refuses", { words: ["--engines", "1"] });
  const { code, said } = await ended;
  expect(said).toContain("Locust ended with code 3");
  expect(said).toContain("Node.js was not found for");
  expect(said).toContain("--keep leaves each engine's folder");
  expect(said).toContain("1 of 1 engines would fail at Azure");
  expect(said).not.toContain(SECRET);
  expect(code).toBe(3);
  expect(leftIn(tmp)).toEqual([]);
}, 20_000);

test("an engine that leaves a server out makes the rehearsal red", async () => {
  const { ended } = rehearse("lacks", { words: ["--engines", "1"] });
  const { code, said } = await ended;
  expect(said).toContain("servers    left out for want of a credential: github (needs MISSING_SECRET)");
  expect(said).toContain("the engines ran, but not with every server");
  expect(code).toBe(3);
}, 20_000);

test("more engines than the test has are refused", async () => {
  const { code, said } = await rehearse("runs", { words: ["--engines", "500"] }).ended;
  expect(said).toContain("--engines 500: the test has 2 (azure.engineInstances)");
  expect(code).toBe(3);
}, 20_000);

test("a requirements.txt that pip cannot install ends the rehearsal with pip's own words", async () => {
  const { ended, kept, tmp } = rehearse("runs", { requirements: "impossible==9\n" });
  const { code, said } = await ended;
  expect(said).toContain("could not be installed on Python 3.9.18. An engine would end here, too");
  expect(said).toContain("No matching distribution found for impossible");
  expect(code).toBe(3);
  expect(existsSync(join(kept, "words-1"))).toBe(false);
  expect(leftIn(tmp)).toEqual([]);
}, 20_000);

test("Ctrl-C ends the engines in their own way and leaves nothing", async () => {
  const { child, ended, kept, tmp } = rehearse("waits");
  await vi.waitUntil(() => existsSync(join(kept, "started-1")) && existsSync(join(kept, "started-2")), 15_000);
  child.kill("SIGINT");
  const { code, said } = await ended;
  expect(said).toContain("stopped: the engines were ended");
  expect(code).toBe(130);
  expect(existsSync(join(kept, "told-1")) && existsSync(join(kept, "told-2"))).toBe(true);
  expect(leftIn(tmp)).toEqual([]);
}, 20_000);
