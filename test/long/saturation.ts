/**
 * Whether the verdict on the generator is raised when it has to be, and only then, on generators that are really overloaded:
 *
 *     node test/long/saturation.ts [--runs 10] [--seconds 8] [--only 1.5x,3x,stolen,slow] [--measures]
 *
 * Finds how many calls a second this machine makes at most, then makes runs at 1.5 and 3 times of it, one with modest load
 * and every core stolen, and one of an idle generator against a slow server. Ends with 0 only if all verdicts were right.
 * The rest of the machine has to be quiet: what else runs is rightly found, and named in the reason.
 */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { endChildren, signalChild, startChild } from "../../bench/children.ts";
import { startNullServer } from "../../bench/server/null-server.ts";
import { type GeneratorLevel, generatorVerdict } from "../../record/generator-verdict.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { ROOT } from "../../scripts/project.mjs";
import { newest, setUpForTest } from "../../scripts/set-up.mjs";
import { startSlowServer } from "./slow-server.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "1" },
    seconds: { type: "string", default: "8" },
    only: { type: "string", default: "1.5x,3x,stolen,slow" },
    measures: { type: "boolean", default: false },
  },
});
const SECONDS = Number(options.seconds);

interface Load {
  readonly url: string;
  readonly users: number;
  readonly thinkSeconds?: number;
  /** 0: users that wait for their answers. */
  readonly perSecond?: number;
}

/** One Locust to its end; how its run was recorded. */
const run = async ({ url, users, thinkSeconds = 0, perSecond = 0 }: Load): Promise<RunRecord> => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-saturation-"));
  try {
    const config = join(folder, "loadtest.yaml");
    writeFileSync(config, `servers:\n  target:\n    url: ${url}\n    protocol: "2025-11-25"\n`);
    const command = [
      ...[newest.python, "-m", "locust", "--headless", "--only-summary", "--loglevel", "ERROR"],
      ...["--users", String(users), "--spawn-rate", String(users), "--run-time", `${SECONDS}s`],
      ...["--exit-code-on-error", "0", "--locustfile", join(ROOT, "test", "long", "saturation_locustfile.py")],
    ];
    const locust = startChild(command, {
      cwd: folder,
      // Its own tables, which go to standard error: the record has all that counts.
      stdio: "ignore",
      env: {
        ...process.env,
        PYTHONPATH: join(ROOT, "locustfiles"),
        SWARMBRIDGE_CONFIG: config,
        SWARMBRIDGE_RESULTS: join(folder, "results"),
        SATURATION_THINK_S: String(thinkSeconds),
        SATURATION_PER_SECOND: String(perSecond),
      },
    });
    await once(locust, "exit");
    const [id] = readdirSync(join(folder, "results"));
    if (id === undefined) throw new Error(`this left no record: ${command.join(" ")}`);
    return readRun(join(folder, "results", id));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
};

/** Runs something while every core that the generator may use is wanted by another program, too. */
const stolen = async <T>(work: () => Promise<T>): Promise<T> => {
  const hogs = Array.from({ length: availableParallelism() }, (_, core) =>
    startChild(["taskset", "-c", String(core), process.execPath, "-e", "for(;;);"], { stdio: "ignore" }),
  );
  try {
    return await work();
  } finally {
    for (const hog of hogs) signalChild(hog, "SIGKILL");
  }
};

const callsOf = ({ file }: RunRecord): number => file.operations["target:tools/call:search"]?.count ?? 0;

interface Case {
  readonly name: string;
  readonly right: readonly GeneratorLevel[];
  readonly run: () => Promise<RunRecord>;
}

// Programs that only burn a core must not outlive this one.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void endChildren().finally(() => process.exit(1)));
}

await setUpForTest();
const fast = await startNullServer();
const slow = await startSlowServer(2000);
const wrong: string[] = [];
try {
  const url = `${fast.origin}/session/json`;
  const most = callsOf(await run({ url, users: 100 })) / SECONDS;
  console.log(`at most ${Math.round(most)} calls a second, with 100 users that do not think`);
  const RAISED = ["strained", "saturated"] as const;
  const cases: readonly Case[] = [
    { name: "1.5x", right: RAISED, run: () => run({ url, users: 500, perSecond: Math.round(most * 1.5) }) },
    { name: "3x", right: RAISED, run: () => run({ url, users: 500, perSecond: Math.round(most * 3) }) },
    { name: "stolen", right: RAISED, run: () => stolen(() => run({ url, users: 200, thinkSeconds: 1 })) },
    { name: "slow", right: ["ok"], run: () => run({ url: `${slow.origin}/mcp`, users: 50 }) },
  ];
  for (const each of cases.filter(({ name }) => options.only.split(",").includes(name))) {
    const verdicts = new Map<GeneratorLevel, number>();
    const reasons = new Map<string, number>();
    for (let at = 0; at < Number(options.runs); at++) {
      const record = await each.run();
      const { level, reasons: why } = generatorVerdict(record.file);
      verdicts.set(level, (verdicts.get(level) ?? 0) + 1);
      for (const reason of why) {
        // Of the sentence, what was too much: figures differ from run to run.
        const kind = reason
          .replace(/ (?:in \d|\(the server|after their).*/, "")
          .replace(/[\d,.]+(?= ms or more$)/, "..");
        reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
      }
      if (!each.right.includes(level)) wrong.push(`${each.name}: ${level} (${why.join("; ")})`);
      if (options.measures) console.log(measuresText(record));
    }
    const counts = [...verdicts].map(([level, times]) => `${level} ${times}`).join(", ");
    console.log(`${each.name.padEnd(8)}${counts} of ${options.runs}`);
    for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`        ${times} x ${reason}`);
  }
} finally {
  slow.close();
  await endChildren();
}

function measuresText({ file }: RunRecord): string {
  const { before, after } = file.harnessDelay;
  const service = file.operations["target:tools/call:search"]?.outcomes.ok?.times.service;
  const each = Object.entries(file.generator.measures ?? {}).map(
    ([name, { mean, max, seconds, strainedSeconds, saturatedSeconds }]) =>
      `${name} ${mean}/${max} (${strainedSeconds}, ${saturatedSeconds} of ${seconds})`,
  );
  const delays = [before, after, service].map((one) => `${one?.p50Ms}/${one?.p99Ms}`);
  return `  ${callsOf({ file } as RunRecord)} calls; before, after, service ${delays.join(" ")}\n    ${each.join("\n    ")}`;
}

for (const each of wrong) console.error(`wrong: ${each}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
