/**
 * Does `swarmbridge compare --ab` tell the truth? Real runs of Locust, each on two demo fleets at once: two of the same build, of
 * which it must say that they do not differ, and a second one whose delays are a quarter longer, of which it must say so.
 *
 *   node test/long/ab.ts --runs 20 [--seconds 10] [--users 40] [--seed 1] [--keep FOLDER]
 *
 * Takes 2 x runs x (seconds + 4). Ends with 1 when fewer than 19 of 20 are right.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Comparison } from "../../gate/compare/comparison.ts";
import { compareServers, pairsIn } from "../../gate/compare/in-one-run.ts";
import { readRun } from "../../record/read-run.ts";
import { ownEnvironment } from "../../scripts/demo-fleet.mjs";
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

const results = values.keep === undefined ? mkdtempSync(join(tmpdir(), "ab-")) : resolve(values.keep);
mkdirSync(results, { recursive: true });

const startFleet = async (seed: number, speed: number): Promise<{ child: ChildProcess; url: string }> => {
  const options = ["--json", "--port", "0", "--until-stdin-closes", "--seed", String(seed), "--speed", String(speed)];
  const child = spawn(process.execPath, ["demo/main.ts", ...options], {
    cwd: ROOT,
    env: ownEnvironment(process.env),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, url: JSON.parse(line).servers.learn };
};

const run = async (seed: number, speed: number): Promise<Comparison> => {
  const [first, second] = await Promise.all([startFleet(seed, 1), startFleet(seed + 1, speed)]);
  const config = join(results, "ab.yaml");
  const servers = { learn: { url: first.url }, "learn-next": { url: second.url, trafficOf: "learn" } };
  writeFileSync(config, JSON.stringify({ servers }));
  const before = new Set(readdirSync(results));
  const load = ["--headless", "-u", values.users, "-r", values.users, "-t", `${values.seconds}s`, "--only-summary"];
  const locust = spawn(newest.python, ["-m", "locust", "-f", "test/long/compare_locustfile.py", ...load], {
    cwd: ROOT,
    env: {
      ...process.env,
      PYTHONPATH: join(ROOT, "locustfiles"),
      SWARMBRIDGE_CONFIG: config,
      SWARMBRIDGE_RESULTS: results,
      SWARMBRIDGE_QUIET: "1",
    },
    stdio: ["ignore", "ignore", "ignore"],
  });
  await once(locust, "exit");
  for (const { child } of [first, second]) {
    child.stdin?.end();
    await once(child, "exit");
  }
  const id = readdirSync(results).find((name) => !before.has(name));
  if (id === undefined) throw new Error("the run left no record: is the project built (npm run build)?");
  const record = readRun(join(results, id));
  const [pair] = pairsIn(record.file);
  if (pair === undefined) throw new Error("the record does not know which server has whose traffic");
  return compareServers(record, pair);
};

const right = { same: 0, slower: 0 };
for (let pair = 0; pair < runs; pair++) {
  const seed = Number(values.seed) + 4 * pair;
  const told = { same: await run(seed, 1), slower: await run(seed + 2, SLOWER) };
  if (told.same.overall === "no difference") right.same += 1;
  if (told.slower.overall === "worse") right.slower += 1;
  for (const [of, { overall, result, rows, invalid }] of Object.entries(told)) {
    const work = rows.find(({ kind }) => kind === "work")?.changes;
    const shares = [work?.p50Ms, work?.meanMs].map((each) =>
      each == null ? "-" : `${each.change.toFixed(1)}% (${each.low.toFixed(1)} to ${each.high.toFixed(1)})`,
    );
    console.log([pair + 1, of, result, overall, `same work p50 ${shares[0]} mean ${shares[1]}`, ...invalid].join("  "));
  }
}
console.log(`same build, no difference: ${right.same} of ${runs}; a quarter slower, told: ${right.slower} of ${runs}`);
if (values.keep === undefined) rmSync(results, { recursive: true, force: true });
process.exitCode = right.same >= NEEDED * runs && right.slower >= NEEDED * runs ? 0 : 1;
