/**
 * Does `swarmbridge compare` tell the truth? Real runs of Locust on the demo fleet: pairs of the same build, of which it must
 * say that nothing changed, and pairs with a second one whose delays are a quarter longer, of which it must say so.
 *
 *   node test/long/compare.ts --runs 20 [--seconds 10] [--users 40] [--seed 1] [--keep FOLDER]
 *
 * Takes 3 x runs x (seconds + 4). Ends with 1 when fewer than 19 of 20 are right.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { compareSides } from "../../gate/compare/comparison.ts";
import { measureRun } from "../../gate/compare/measure-run.ts";
import type { RunFigures } from "../../gate/compare/run-figures.ts";
import { readRun } from "../../record/read-run.ts";
import { ownEnvironment, portVariables } from "../../scripts/demo-fleet.mjs";
import { ROOT } from "../../scripts/project.mjs";
import { newest } from "../../scripts/set-up.mjs";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    seconds: { type: "string", default: "10" },
    users: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    keep: { type: "string" },
  },
});
const runs = Number(values.runs);
/** A delay of 5 for one of 4. */
const SLOWER = 0.8;
const NEEDED = 0.95;

const results = values.keep === undefined ? mkdtempSync(join(tmpdir(), "compare-")) : resolve(values.keep);
mkdirSync(results, { recursive: true });

const startFleet = async (
  seed: number,
  speed: number,
): Promise<{ child: ChildProcess; urls: Record<string, string> }> => {
  const options = ["--json", "--port", "0", "--until-stdin-closes", "--seed", String(seed), "--speed", String(speed)];
  const child = spawn(process.execPath, ["demo/main.ts", ...options], {
    cwd: ROOT,
    env: ownEnvironment(process.env),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, urls: JSON.parse(line).servers };
};

/** Of a generator that was not quite free: it would be compared with others of its kind alone. */
const MOST_TRIES = 3;

const run = async (seed: number, speed: number): Promise<RunFigures> => {
  for (let tries = 1; ; tries++) {
    const figures = await runOnce(seed, speed);
    if (figures.generator === "ok" || tries === MOST_TRIES) return figures;
    console.log(`the generator was ${figures.generator}: once more`);
  }
};

/** Each of its own fleet, as a deployment is. */
const runOnce = async (seed: number, speed: number): Promise<RunFigures> => {
  const { child: fleet, urls } = await startFleet(seed, speed);
  const before = new Set(readdirSync(results));
  const load = ["--headless", "-u", values.users, "-r", values.users, "-t", `${values.seconds}s`, "--only-summary"];
  const locust = spawn(newest.python, ["-m", "locust", "-f", "test/long/compare_locustfile.py", ...load], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...portVariables(urls),
      PYTHONPATH: join(ROOT, "locustfiles"),
      SWARMBRIDGE_CONFIG: "demo/loadtest.yaml",
      SWARMBRIDGE_RESULTS: results,
      SWARMBRIDGE_QUIET: "1",
    },
    stdio: ["ignore", "ignore", "ignore"],
  });
  await once(locust, "exit");
  fleet.stdin?.end();
  await once(fleet, "exit");
  const id = readdirSync(results).find((name) => !before.has(name));
  if (id === undefined) throw new Error("the run left no record: is the project built (npm run build)?");
  return measureRun(readRun(join(results, id)));
};

const right = { same: 0, slower: 0 };
for (let pair = 0; pair < runs; pair++) {
  const seed = Number(values.seed) + 3 * pair;
  const [before, same, slower] = [await run(seed, 1), await run(seed + 1, 1), await run(seed + 2, SLOWER)];
  const told = { same: compareSides([before], [same]), slower: compareSides([before], [slower]) };
  if (told.same.overall === "no difference") right.same += 1;
  if (told.slower.overall === "worse") right.slower += 1;
  for (const [of, { overall, result, rows, invalid }] of Object.entries(told)) {
    const work = rows.find(({ kind }) => kind === "work")?.changes.p50Ms;
    const share = work == null ? "-" : `${work.change.toFixed(1)}% (${work.low.toFixed(1)} to ${work.high.toFixed(1)})`;
    console.log([pair + 1, of, result, overall, `same work p50 ${share}`, ...invalid].join("  "));
  }
}
console.log(`same build, no difference: ${right.same} of ${runs}; a quarter slower, told: ${right.slower} of ${runs}`);
if (values.keep === undefined) rmSync(results, { recursive: true, force: true });
process.exitCode = right.same >= NEEDED * runs && right.slower >= NEEDED * runs ? 0 : 1;
