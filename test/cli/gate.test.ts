import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { CommandError } from "../../cli/command-error.ts";
import { type GateOptions, gate } from "../../cli/gate.ts";
import { addGateCommand } from "../../cli/gate-command.ts";
import { styleFor } from "../../cli/style.ts";
import { PROFILES } from "../../gate/profiles.ts";
import { RecordError } from "../../record/record-error.ts";
import type { Sample } from "../../record/sample.ts";
import { temporaryProject } from "../config/temporary-project.ts";
import { writeRecord } from "../gate/written-record.ts";
import { sample } from "../record/samples.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");
const YAML =
  "servers: { a: { url: 'http://127.0.0.1:1/mcp', auth: none } }\nfailureCriteria: [percentage(error) > 5]\n";

const many = (count: number, fields: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, () => sample(fields));

/** A project with three runs: `1-good`, `2-bad` and the newest, `3-killed`. */
const project = (yaml: string | null = YAML): string => {
  const folder = temporaryProject(yaml === null ? {} : { "loadtest.yaml": yaml });
  const results = join(folder, "results");
  writeRecord(results, many(10), { id: "1-good" });
  writeRecord(results, [...many(8), ...many(2, { outcome: "timeout" })], { id: "2-bad" });
  writeRecord(results, many(10), { id: "3-killed", endReason: null });
  mkdirSync(join(results, "9-not-a-run"));
  return folder;
};

const run = (cwd: string, words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, "gate", ...words], { cwd, env: { PATH: process.env.PATH ?? "" } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      err += String(chunk);
    });
    child.once("close", (code) => resolve({ code, out, err }));
  });

describe("as a process, the exit code is the verdict", () => {
  test("0 for passed, 1 for failed, 2 for a run that cannot be judged, 3 for wrong input", async () => {
    const cwd = project();
    const [good, bad, newest, wrong] = await Promise.all([
      run(cwd, ["1-good"]),
      run(cwd, ["results/2-bad", "--json"]),
      run(cwd, []),
      run(cwd, ["1-good", "--profile", "relaese"]),
    ]);
    expect(good).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^gate: PASSED/) });
    expect(bad).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(bad.out)).toMatchObject({ version: 1, result: "FAILED", run: { id: "2-bad" } });
    expect(newest).toMatchObject({ code: 2, out: expect.stringContaining("the record is not complete") });
    expect(wrong).toMatchObject({ code: 3, out: "", err: expect.stringContaining("smoke, release") });
  });

  test("a record that cannot be read cannot be judged, and the folder is named", async () => {
    const cwd = project();
    writeFileSync(join(cwd, "results", "1-good", "run.json"), "[]");
    const { code, err } = await run(cwd, ["1-good"]);
    expect(code).toBe(2);
    expect(err).toMatch(/1-good: run\.json is not a run record\n→ name another run/);
  });
});

const judged = (
  cwd: string,
  options: Partial<GateOptions> = {},
  variables: NodeJS.ProcessEnv = {},
): { code: number; out: string } => {
  let out = "";
  const print = (text: string): void => {
    out += `${text}\n`;
  };
  const env = { ...variables, SWARMBRIDGE_RESULTS: join(cwd, "results") };
  const whole = {
    config: join(cwd, "loadtest.yaml"),
    profile: undefined,
    criteria: [],
    junit: undefined,
    markdown: undefined,
    json: false,
  };
  const code = gate(
    { run: "1-good", ...whole, ...options },
    { print, env, style: styleFor({}, {}), redactor: new Redactor() },
  );
  return { code, out };
};

test("a run of several processes that was killed before its parts were merged is a run, and cannot be judged", () => {
  const cwd = project();
  const killed = join(cwd, "results", "8-killed");
  writeRecord(join(killed, "parts"), many(10), { id: "worker-0" });
  writeRecord(join(killed, "parts"), many(10), { id: "worker-1", endReason: null });
  for (const named of [undefined, "8-killed", killed]) {
    rmSync(join(killed, "run.json"), { force: true });
    const { code, out } = judged(cwd, { run: named });
    expect([code, out]).toEqual([2, expect.stringContaining("the record is not complete")]);
  }
});

test("the newest run is not passed over when no part of it can be read", () => {
  const cwd = project();
  mkdirSync(join(cwd, "results", "8-killed", "parts", "worker-0"), { recursive: true });
  expect(() => judged(cwd, { run: undefined })).toThrow(RecordError);
});

test("files are written whatever the verdict is", () => {
  const cwd = project();
  mkdirSync(join(cwd, "reports"));
  const [junit, markdown, json] = ["gate.xml", "gate.md", "gate.json"].map((name) => join(cwd, "reports", name));
  const { code, out } = judged(cwd, { run: "2-bad", junit, markdown, json: json ?? false });
  expect(code).toBe(1);
  expect(out).toMatch(/^gate: FAILED/);
  expect(readFileSync(junit ?? "", "utf8")).toContain("<failure");
  expect(readFileSync(markdown ?? "", "utf8")).toContain("❌");
  expect(JSON.parse(readFileSync(json ?? "", "utf8"))).toMatchObject({ result: "FAILED" });
});

test("a job's summary is appended to, any other Markdown is written anew", () => {
  const cwd = project();
  const [summary, other] = ["summary.md", "other.md"].map((name) => join(cwd, name)) as [string, string];
  for (const file of [summary, other]) writeFileSync(file, "of an earlier command\n");
  for (const markdown of [summary, other]) judged(cwd, { markdown }, { GITHUB_STEP_SUMMARY: summary });
  expect(readFileSync(summary, "utf8")).toMatch(/^of an earlier command\n### ✅/);
  expect(readFileSync(other, "utf8")).toMatch(/^### ✅/);
});

test("criteria that are typed are local ones beside the file's, and take the place of the same question", () => {
  const cwd = project();
  const { code, out } = judged(cwd, {
    criteria: ["percentage(error) > 30", "learn:tools/call:search: p99.9(response_time_ms) > 10.5"],
  });
  expect(code).toBe(1);
  expect(out).toContain("percentage(error) > 30 (local)");
  expect(out).not.toContain("percentage(error) > 5");
  expect(out).toMatch(/search: p999\(response_time_ms\) > 10\.5 \(local\) +20 ms {2}failed/);
});

test("a profile that is named judges in the place of the file", () => {
  const { out } = judged(project(), { profile: "release" });
  expect(out).toContain("1-good, profile release");
  expect(out).not.toContain("percentage(error) > 5");
});

test("without a loadtest.yaml the profile smoke judges, and says so", () => {
  const cwd = project(null);
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const { code, out } = judged(cwd, { config: undefined });
    expect(code).toBe(0);
    expect(out).toContain("there are no criteria for this run, so it is judged by the profile smoke");
  } finally {
    process.chdir(before);
  }
});

test.each<[string, Partial<GateOptions>, RegExp]>([
  [
    "a run that is not there, with the one that was meant",
    { run: "2-bda" },
    /no run record 2-bda.*did you mean 2-bad\?/,
  ],
  ["a criterion that is none", { criteria: ["p95(response_time_ms) > 5s"] }, /--criterion .* has the unit s/],
  ["a run behind --json, which takes it for its file", { json: "2-bad" }, /name the run before the options/],
  [
    "a run with a typing error behind --json",
    { run: undefined, json: "20261121-105500-multi-k3fy" },
    /--json took the run 20261121-105500-multi-k3fy for its file/,
  ],
  ["a file that cannot be written", { junit: "/proc/gate.xml" }, /--junit names .* cannot be written \(E[A-Z]+\)/],
  [
    "a file in a folder that is not there",
    { markdown: "none/gate.md" },
    /--markdown names none\/gate.md, but .* make it/,
  ],
  ["a file from an empty variable", { markdown: "" }, /--markdown names no file/],
])("%s is refused", (_what, options, sentence) => {
  const cwd = project();
  expect(() => judged(cwd, options)).toThrow(CommandError);
  expect(() => judged(cwd, options)).toThrow(sentence);
  expect(["2-bad", "none", "20261121-105500-multi-k3fy"].filter((name) => existsSync(join(cwd, name)))).toEqual([]);
});

test("a folder without any run says how to get one", () => {
  expect(() => judged(temporaryProject({ "loadtest.yaml": YAML }), { run: undefined })).toThrow(
    /there is no run record in .* yet: start a run/,
  );
});

test("the profiles that can be typed are those of the gate", () => {
  const program = new Command();
  addGateCommand(program, () => undefined);
  const profile = program.commands[0]?.options.find(({ long }) => long === "--profile");
  expect(profile?.argChoices).toEqual([...PROFILES]);
});
