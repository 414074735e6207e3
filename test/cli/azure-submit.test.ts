/** `swarmbridge azure …` as a process against the strict fake service, through the official pipeline. */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { bundleOptions } from "../../scripts/build.mjs";
import { FakeLoadTesting } from "../fakes/load-testing/fake-load-testing.ts";
import { changeFaults, noFaults } from "../fakes/load-testing/faults.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** How far the service's clock is ahead: a run is long until a test lets its time pass. */
let aheadMs = 0;
const fake = new FakeLoadTesting({
  timing: { stateMs: 20, executingMs: 300, validationMs: 60 },
  now: () => Date.now() + aheadMs,
});
const base = mkdtempSync(join(tmpdir(), "swarmbridge-submit-"));
const folder = join(base, "project");
/** Bundled as the real command is: it starts three times as fast. */
const MAIN = join(base, "fast-azure.cjs");
/** All that any process has printed. */
let printed = "";

// Several processes a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

beforeAll(async () => {
  await Promise.all([
    fake.start(),
    build({ ...bundleOptions, entryPoints: [join(import.meta.dirname, "fast-azure.ts")], outfile: MAIN }),
  ]);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(ROOT, "locustfiles")).filter((name) => name.endsWith(".py"))) {
    writeFileSync(join(folder, name), readFileSync(join(ROOT, "locustfiles", name)));
  }
  // The project has none of its own: it lies beside the command.
  writeFileSync(join(base, "bridge.cjs"), "// the bridge\n");
  writeFileSync(join(folder, "queries.txt"), "one\ntwo\n");
  writeFileSync(join(folder, "locust.conf"), "users = 17\nspawn-rate = 4\nrun-time = 2m\n");
  configure();
});

afterEach(() => {
  changeFaults(fake.faults, { ...noFaults(), statisticsLagReads: 1 });
});

afterAll(async () => {
  await fake.stop();
  rmSync(base, { recursive: true, force: true });
});

const configure = ({ criteria = ["percentage(error) > 50"], more = "" } = {}): void => {
  const settings = fake.settingsYaml
    .split("\n")
    .map((line) => (line === "" ? line : `  ${line}`))
    .join("\n");
  const lines = [
    "servers:",
    "  learn: { url: https://learn.example/mcp }",
    "failureCriteria:",
    ...criteria.map((criterion) => `  - "${criterion}"`),
    "azure:",
    "  testId: nightly",
    "  testPlan: learn.py",
    "  engineInstances: 2",
  ];
  writeFileSync(join(folder, "loadtest.yaml"), `${lines.join("\n")}\n${more}${settings}`);
};

/** The newest run's record, as a later step of a pipeline judges it. */
const gateAfterwards = (): Promise<Ended> => started([join(ROOT, "cli", "main.ts"), "gate"]);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Watch = (soFar: string, child: ReturnType<typeof spawn>) => void;

type OnStart = (child: ReturnType<typeof spawn>) => void;

const azure = (words: readonly string[], onOut?: Watch, onStart?: OnStart): Promise<Ended> =>
  started([MAIN, ...words], onOut, onStart);

const started = (
  words: readonly string[],
  onOut: Watch = () => undefined,
  onStart: OnStart = () => undefined,
): Promise<Ended> => {
  const child = spawn(process.execPath, words, {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      ...fake.variables,
    },
  });
  onStart(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
    onOut(out, child);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  return new Promise((resolve) =>
    child.once("close", (code) => {
      printed += out + err;
      resolve({ code, out, err });
    }),
  );
};

/** Once, as soon as this has been printed. */
const once = (text: string, act: (child: ReturnType<typeof spawn>) => void): Watch => {
  let isDone = false;
  return (soFar, child) => {
    if (isDone || !soFar.includes(text)) return;
    isDone = true;
    act(child);
  };
};

const requestsOf = async (work: () => Promise<unknown>) => {
  const before = fake.requests.length;
  await work();
  return fake.requests.slice(before).map(({ method, path }) => `${method} ${path.split("?")[0]}`);
};

const theTest = () => fake.tests.get("nightly");
const criteriaThere = (): string[] =>
  Object.values(
    (theTest().body.passFailCriteria as Record<"passFailMetrics", Record<string, { clientMetric: string }>>)
      .passFailMetrics,
  )
    .map(({ clientMetric }) => clientMetric)
    .sort();
const newestRun = () => [...fake.runs.byId.values()].at(-1);
const places = (): string[] => readdirSync(join(folder, "results")).sort();

test("a first submission makes the test, runs it and ends by the gate", async () => {
  configure({
    criteria: ["percentage(error) > 50", "avg(response_time_ms) > 8000", "p95(response_time_ms) > 9000"],
    more: "  env: { COLOUR: blue, SHAPE: round }\n  configurationFiles: [queries.txt]\n",
  });
  const { code, out, err } = await azure(["submit"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  for (const text of ["test nightly created", "sent ", "Azure has taken the files", "EXECUTING", "DONE"]) {
    expect(out).toContain(text);
  }
  for (const text of ["signature of each server", "gate: PASSED", "portal  https://"]) expect(out).toContain(text);
  expect(criteriaThere()).toEqual(["error", "response_time_ms", "response_time_ms"]);
  expect(theTest().body.environmentVariables).toMatchObject({ COLOUR: "blue", SHAPE: "round" });
  expect([...theTest().files.keys()]).toContain("queries.txt");
  const id = newestRun()?.testRunId ?? "";
  expect(readdirSync(join(folder, "results", id))).toEqual(expect.arrayContaining(["azure", "azure.json", "run.json"]));
  expect(readdirSync(join(folder, "results", id, "azure")).sort()).toEqual(["logs.zip", "report.zip", "results.zip"]);
  expect(await gateAfterwards()).toMatchObject({ code: 0, out: expect.stringContaining("at Azure") });
});

/** Texts that a careless reader of answers would cut: the same again must find them the same. */
const WORDS = `  displayName: "MCP \\u200d nightly"
  description: "see https://wiki.example.com/x?page=7  and page 8"
`;

test("a second one with less leaves nothing of the first behind, and a broken criterion is exit code 1", async () => {
  configure({ criteria: ["avg(response_time_ms) > 1"], more: `  env: { COLOUR: red }\n${WORDS}` });
  const { code, out } = await azure(["submit"]);
  expect(code).toBe(1);
  expect(out).toContain("test nightly updated");
  expect(out).toContain("removed queries.txt");
  expect(out).toContain("gate: FAILED");
  expect(criteriaThere()).toEqual(["response_time_ms"]);
  expect((await gateAfterwards()).code).toBe(1);
  expect(theTest().body.environmentVariables).toMatchObject({ COLOUR: "red" });
  expect(theTest().body.environmentVariables).not.toHaveProperty("SHAPE");
  const uploaded = readdirSync(join(folder, "build", "azure")).filter(
    (name) => !/^\.|^azure-load-test\.yaml$/.test(name),
  );
  expect([...theTest().files.keys()].sort()).toEqual(uploaded.sort());
});

test("the same again changes nothing but the run", async () => {
  const [body, files] = [structuredClone(theTest().body), [...theTest().files.values()]];
  const requests = await requestsOf(async () => {
    expect(await azure(["submit", "--detach"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/as configured, nothing was changed[\s\S]*azure status --wait/),
    });
  });
  expect(requests.filter((request) => /^(?:PUT|DELETE|POST|PATCH) \/tests/.test(request))).toEqual([]);
  expect(requests.filter((request) => request.startsWith("PATCH /test-runs/"))).toHaveLength(1);
  expect(theTest().body).toEqual(body);
  expect([...theTest().files.values()]).toEqual(files);
});

test("throttling, 503, cut connections and expired links delay it, and no more", async () => {
  configure();
  writeFileSync(join(folder, "build", "azure-uploaded.json"), "{}");
  changeFaults(fake.faults, {
    management: { unavailable: 1 },
    dataPlane: { throttled: 3, retryAfterSeconds: 0, unavailable: 2, html: 1, cutUploadAfterBytes: 500 },
    metricsMissing: 4,
    expiredLinks: 1,
  });
  const { code, out, err } = await azure(["submit"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(out).toContain("the link to results.zip had expired: asking for another");
  expect([...theTest().files.values()].every(({ bytes }) => bytes.length > 0)).toBe(true);
  const cut = fake.requests.filter(({ method, status }) => method === "PUT" && status === null);
  expect(cut).toHaveLength(1);
});

test("files that Azure refuses end it before a run, in Azure's words", async () => {
  const before = [fake.runs.byId.size, places()];
  changeFaults(fake.faults, { validationFailure: "SyntaxError in learn.py, line 3" });
  writeFileSync(join(folder, "build", "azure-uploaded.json"), "{}");
  const { code, err } = await azure(["submit"]);
  expect(code).toBe(4);
  expect(err).toMatch(/does not take the uploaded files: learn\.py \(.*SyntaxError in learn\.py, line 3/);
  expect([fake.runs.byId.size, places()]).toEqual(before);
});

test("a run that fails at Azure ends with its words, and as JSON; a lost answer to its start makes no second one", async () => {
  const before = fake.runs.byId.size;
  changeFaults(fake.faults, {
    dataPlane: { only: "PATCH /test-runs", cutAfterwards: 1 },
    runFailure: { state: "DEPROVISIONING", code: "EngineLost", message: "an engine was lost" },
  });
  const { code, out, err } = await azure(["submit", "--json"]);
  expect(code).toBe(4);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    exitCode: 4,
    run: { state: "FAILED", testId: "nightly" },
    verdict: null,
    error: { code: "AZURE_RUN_FAILED", lines: [expect.stringContaining("an engine was lost")] },
  });
  expect(err).toContain("FAILED");
  expect(fake.runs.byId.size).toBe(before + 1);
  const gate = await gateAfterwards();
  expect(gate.code).toBe(2);
  expect(gate.out).toContain("Azure ended the run as FAILED");
});

test("a run that somebody stops in the portal is not judged", async () => {
  changeFaults(fake.faults, { stoppedInPortalAfterMs: 250 });
  const { code, out, err } = await azure(["submit"]);
  expect(code).toBe(2);
  expect(err).toContain("the run was stopped before its end");
  expect(out).toContain("CANCELLED");
  expect(out).not.toContain("gate:");
  expect(await gateAfterwards()).toMatchObject({ code: 2, out: expect.stringContaining("ended the run as CANCELLED") });
});

test("a run that was never executed leaves nothing to judge, and no older run is judged in its place", async () => {
  changeFaults(fake.faults, { runValidationFailure: "no engine could be had" });
  const { code, out } = await azure(["submit"]);
  expect(code).toBe(4);
  expect(out).toContain("VALIDATION_FAILURE");
  expect(await gateAfterwards()).toMatchObject({
    code: 2,
    err: expect.stringContaining("there is no run record in this folder"),
  });
});

test("a reader of its output who goes away does not make a run pass", async () => {
  configure({ criteria: ["avg(response_time_ms) > 1"] });
  const { code } = await azure(
    ["submit"],
    once("test nightly", (child) => child.stdout?.destroy()),
  );
  configure();
  expect(code).toBe(1);
});

const LONG_MS = 600_000;

test("Ctrl-C in a pipeline stops the run at Azure", async () => {
  fake.timing.executingMs = LONG_MS;
  const { code, out } = await azure(
    ["submit"],
    once("EXECUTING", (child) => child.kill("SIGINT")),
  );
  expect(code).toBe(130);
  expect(out).toContain("Azure stops it");
  const run = newestRun();
  expect(run && fake.runs.stateOf(run)).toMatch(/CANCELL/);
});

/** A pipeline's cancellation, as soon as this holds. */
const cancelWhen = (holds: () => boolean) => (child: ReturnType<typeof spawn>) => {
  void vi.waitUntil(holds, { timeout: 20_000, interval: 5 }).then(() => child.kill("SIGTERM"));
};

test("a pipeline that is cancelled while the start is throttled starts nothing, and says so in JSON", async () => {
  const wire = { only: "PATCH /test-runs", throttled: 1000, retryAfterSeconds: 1 };
  changeFaults(fake.faults, { dataPlane: wire });
  const before = [fake.runs.byId.size, places()];
  const { code, out, err } = await azure(
    ["submit", "--json"],
    undefined,
    cancelWhen(() => fake.faults.dataPlane.throttled < 1000),
  );
  expect(code).toBe(143);
  const interrupted = { code: "INTERRUPTED", lines: ["the run was not started"] };
  expect(JSON.parse(out)).toMatchObject({ version: 1, exitCode: 143, run: null, error: interrupted });
  expect(err).not.toContain("could not be stopped");
  expect([fake.runs.byId.size, places()]).toEqual(before);
});

test("a pipeline that is cancelled before the start is answered stops what was started", async () => {
  const wire = { only: "/test-runs/", delayMs: 400, cutAfterwards: 1 };
  changeFaults(fake.faults, { heldAt: "EXECUTING", dataPlane: wire });
  const before = fake.runs.byId.size;
  const { code, out } = await azure(
    ["submit", "--json"],
    undefined,
    cancelWhen(() => fake.runs.byId.size > before),
  );
  const [run, id = ""] = [newestRun(), newestRun()?.testRunId];
  expect(fake.runs.byId.size).toBe(before + 1);
  expect(code).toBe(143);
  expect(run && fake.runs.stateOf(run)).toMatch(/CANCELL/);
  const error = { code: "INTERRUPTED", next: expect.stringContaining(id) };
  expect(JSON.parse(out)).toMatchObject({ exitCode: 143, run: { testRunId: id }, error });
});

test.each(["brokenJsonAfterwards", "forbiddenAfterwards"] as const)(
  "a start that Azure has carried out is followed, whatever its answer was (%s)",
  async (fault) => {
    fake.timing.executingMs = 300;
    changeFaults(fake.faults, { dataPlane: { only: "PATCH /test-runs", cutAfterwards: 1, [fault]: 1 } });
    const before = fake.runs.byId.size;
    expect(await azure(["submit"])).toMatchObject({ code: 0, out: expect.stringContaining("gate: PASSED") });
    expect(fake.runs.byId.size).toBe(before + 1);
    fake.timing.executingMs = LONG_MS;
  },
);

test("a run that cannot be followed any more is named in the error's JSON", async () => {
  changeFaults(fake.faults, { heldAt: "EXECUTING" });
  const before = fake.runs.byId.size;
  const { code, out } = await azure(["submit", "--json"], undefined, () => {
    void vi
      .waitUntil(() => fake.runs.byId.size > before, { timeout: 20_000, interval: 5 })
      .then(() => changeFaults(fake.faults, { dataPlane: { only: "GET /test-runs", forbidden: true } }));
  });
  expect(code).toBe(4);
  expect(JSON.parse(out)).toMatchObject({
    exitCode: 4,
    run: { testRunId: newestRun()?.testRunId },
    error: { code: "AZURE_FORBIDDEN", next: expect.stringContaining("role") },
  });
});

test("after kill -9 the run is found again, followed and judged", async () => {
  await azure(
    ["submit"],
    once("EXECUTING", (child) => child.kill("SIGKILL")),
  );
  const meanwhile = await azure(["status", "--json"]);
  expect(meanwhile.code).toBe(0);
  const { run } = JSON.parse(meanwhile.out);
  expect(run).toMatchObject({ testRunId: newestRun()?.testRunId, state: "EXECUTING" });
  const { code, out } = await azure(
    ["status", "--wait"],
    once("0:00  EXECUTING", (child) => {
      // Nobody's terminal was closed: there is none.
      child.kill("SIGHUP");
      aheadMs += LONG_MS;
    }),
  );
  fake.timing.executingMs = 300;
  expect(code).toBe(0);
  expect(out).toContain("gate: PASSED");
});

test("`runs` shows every run there ever was, and which are recorded", async () => {
  const { out } = await azure(["runs", "--json"]);
  const { runs } = JSON.parse(out) as { runs: { testRunId: string; state: string; recorded: boolean }[] };
  expect(runs.map(({ testRunId }) => testRunId).sort()).toEqual([...fake.runs.byId.keys()].sort());
  expect(places()).toEqual([...fake.runs.byId.keys()].sort());
  expect(runs[0]).toMatchObject({ state: "DONE", recorded: true });
});

test("runs that were started elsewhere are fetched, compared and deleted", async () => {
  const [elsewhere = "", here = ""] = [...fake.runs.byId.keys()].slice(2, 4);
  rmSync(join(folder, "results", elsewhere), { recursive: true });
  const { code, out } = await azure(["compare", elsewhere, here, "--json"]);
  const { comparisons } = JSON.parse(out);
  expect(comparisons).toMatchObject([{ before: [elsewhere], after: [here] }]);
  expect(comparisons[0].rows[0]).toMatchObject({ kind: "all", before: 400 });
  expect(comparisons[0].notes).toContain(`${elsewhere}: how many users it had is not known`);
  // Runs of a second in whole milliseconds: their percentiles say too little.
  expect({ code, unjudged: comparisons[0].unjudged }).toEqual({ code: 2, unjudged: ["p95Ms", "p99Ms", "throughput"] });
  expect(comparisons[0].invalid.join()).not.toContain("the load is not the same");

  const refused = await azure(["delete", "run", elsewhere]);
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining("Say --yes") });
  expect(await azure(["delete", "run", elsewhere, "--yes"])).toMatchObject({ code: 0 });
  expect(fake.runs.byId.has(elsewhere)).toBe(false);
  expect(readdirSync(join(folder, "results", elsewhere))).toContain("run.json");
  const absent = await azure(["delete", "test", "nigthly", "--yes"]);
  expect(absent).toMatchObject({
    code: 4,
    out: "",
    err: expect.stringContaining("test nigthly (nothing was deleted)"),
  });
  const unknown = await azure(["status", elsewhere]);
  expect(unknown).toMatchObject({ code: 3, err: expect.stringContaining(elsewhere) });
});

test("a look at a run of somebody else does not make it the newest of this folder", async () => {
  const [theirs = "", ours] = [...fake.runs.byId.keys()].reverse();
  rmSync(join(folder, "results", theirs), { recursive: true });
  expect(await azure(["status", theirs])).toMatchObject({ code: 0 });
  expect(places()).toContain(theirs);
  const { out } = await azure(["stop", "--json"]);
  expect(JSON.parse(out).run.testRunId).toBe(ours);
});

test("nothing secret was printed or written", () => {
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".zip"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const all = [printed, ...written].join("\n");
  for (const secret of [fake.variables.AZURE_CLIENT_SECRET, ...fake.entra.tokens]) expect(all).not.toContain(secret);
  expect(all).not.toMatch(/[?&]sig=/);
});
