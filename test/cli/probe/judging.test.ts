import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { CommandError } from "../../../cli/command-error.ts";
import { compare } from "../../../cli/probe/compare.ts";
import { deployed } from "../../../cli/probe/deployed.ts";
import { appendHistory, readHistory } from "../../../cli/probe/history-file.ts";
import { importFile } from "../../../cli/probe/import.ts";
import { report } from "../../../cli/probe/report.ts";
import { addProbeCommand } from "../../../cli/probe-command.ts";
import { history, START_MS } from "../../capacity/probe/probes.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { writeRecord } from "../../gate/written-record.ts";
import { gauges, sample } from "../../record/samples.ts";
import { projectFor } from "./surroundings.ts";

const project = (ms: (index: number) => number | null, entry = "") => {
  const made = projectFor("http://127.0.0.1:1/mcp", entry);
  appendHistory(made.history, history({ count: 100, ms }));
  return made;
};

describe("probe report", () => {
  test("says latency, availability and trend, and ends with 0", () => {
    const { config, output, printed } = project(() => 40);
    expect(report({ servers: [], config }, output)).toBe(0);
    expect(printed.join("")).toBe(
      "learn: 100 probes in 1 h 39 min, 100% available\n  initialize: median 40, p95 40, p99 40, max 40 ms; level",
    );
  });

  test("ends with 1 when the error budget of slo is used up", () => {
    const { config, output, printed } = project((index) => (index < 3 ? null : 40), ", slo: { errors: 1% }");
    expect(report({ servers: ["learn"], config }, output)).toBe(1);
    expect(printed.join("")).toContain("97% available");
    expect(printed.join("")).toContain("error budget of 1%: used up 3.0 times");
  });

  test("ends with 1 when the latency is above a limit of slo", () => {
    const { config, output, printed } = project(() => 40, ", slo: { p95: 39ms, p99: 41ms }");
    expect(report({ servers: ["learn"], config }, output)).toBe(1);
    expect(printed.join("")).toContain("slo broken: p95 40 of 39 ms\n  slo within: p99 40 of 41 ms");
  });

  test("of an allowance of nothing says in JSON that it is used up", () => {
    const { config, output, printed } = project((index) => (index === 0 ? null : 40), ", slo: { errors: 0% }");
    expect(report({ servers: ["learn"], config, json: true }, output)).toBe(1);
    expect(JSON.parse(printed.join(""))).toMatchObject({ servers: [{ budget: { isUsedUp: true } }] });
  });

  test("leaves out what lies in the future, and says how many", () => {
    const { config, output, printed, history: path } = project(() => 40);
    appendHistory(path, [{ atMs: Date.UTC(2999, 0), isOk: true, initializeMs: 4_000 }]);
    report({ servers: [], config }, output);
    expect(printed.join("")).toMatch(/100 probes in 1 h 39 min.*max 40 ms.*\n {2}1 probe lies in the future/s);
  });

  test("without any history says what makes one", () => {
    const { config, output } = projectFor("http://127.0.0.1:1/mcp");
    expect(() => report({ servers: [], config }, output)).toThrow(CommandError);
  });
});

describe("probe import", () => {
  test("adds what is not there yet, and nothing of a file that cannot be read", () => {
    const { folder, history: path, output, printed } = projectFor("http://127.0.0.1:1/mcp");
    const file = join(folder, "export.csv");
    writeFileSync(file, "timestamp,latency_ms\n2026-03-01T10:00:00Z,41\n2026-03-01T10:01:00Z,42\n");
    importFile({ file, server: "learn" }, output);
    importFile({ file, server: "learn" }, output);
    expect(readHistory(path).probes).toHaveLength(2);
    expect(printed[1]).toContain("0 probes imported");
    writeFileSync(file, "timestamp,latency_ms\n2026-03-01T10:02:00Z,41\nnever,42\n");
    expect(() => importFile({ file, server: "learn" }, output)).toThrow(/was not imported: line 3 has no time/);
    expect(readHistory(path).probes).toHaveLength(2);
  });

  test("takes no name that leads out of the folder of histories", () => {
    const { folder, output } = projectFor("http://127.0.0.1:1/mcp");
    const file = join(folder, "export.csv");
    writeFileSync(file, "timestamp,ms\n2026-03-01T10:00:00Z,41\n");
    expect(() => importFile({ file, server: "../out" }, output)).toThrow(CommandError);
    expect(existsSync(join(folder, "results", "out.jsonl"))).toBe(false);
  });
});

describe("probe deployed", () => {
  const at = new Date(START_MS + 50 * 60_000).toISOString();
  test.each([
    ["held", 40, 40, 0],
    ["dropped", 80, 40, 0],
    ["risen: a regression", 40, 80, 1],
  ] as const)("%s", (text, beforeMs, afterMs, code) => {
    const { output, printed } = project((index) => (index < 50 ? beforeMs : afterMs));
    expect(deployed({ server: "learn", at }, output)).toBe(code);
    expect(printed.join("")).toContain(`learn: ${text}`);
  });

  test("cannot be judged by a history that ends before it, and --at has to be a time", () => {
    const { output } = project(() => 40);
    expect(deployed({ server: "learn", at: "2h" }, output)).toBe(2);
    expect(() => deployed({ server: "learn", at: "noon" }, output)).toThrow(CommandError);
  });
});

describe("probe compare", () => {
  const beside = (probeMs: number, runMs: number, name = "learn:initialize") => {
    const made = project(() => probeMs);
    const results = join(made.folder, "results");
    writeRecord(results, [sample({ name, serviceMs: runMs })], { readings: [gauges({ users: 1 })], id: "1-run" });
    return { ...made, code: (): number => compare({ run: "1-run", server: "learn" }, made.output) };
  };

  test("ends with 0 for one picture, and with 1 for two", () => {
    expect(beside(40, 45).code()).toBe(0);
    const wide = beside(200, 45);
    expect(wide.code()).toBe(1);
    expect(wide.printed.join("")).toContain("Look at the probe's network or region first");
  });

  test("ends with 2 when the run shook no hands, and names the servers of a run that has another", () => {
    expect(beside(40, 45, "learn:tools/list").code()).toBe(2);
    expect(() => beside(40, 45, "other:initialize").code()).toThrow("name a server of the run with --server: other");
  });
});

/** What is typed behind `probe`, as far as its code and what it prints. */
const typed = async (...words: string[]) => {
  let code = -1;
  const swarmbridge = new Command().exitOverride().enablePositionalOptions();
  swarmbridge.configureHelp({ showGlobalOptions: true });
  const printed: string[] = [];
  const keep = (text: string): boolean => printed.push(text) > 0;
  swarmbridge.configureOutput({ writeOut: keep, getOutHelpWidth: () => 80 });
  addProbeCommand(swarmbridge, (ended) => {
    code = ended;
  });
  const write = process.stdout.write;
  process.stdout.write = keep as typeof write;
  try {
    await swarmbridge.parseAsync(["probe", ...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  } finally {
    process.stdout.write = write;
  }
  return { code, text: printed.join("") };
};

describe("what stands behind probe", () => {
  test("is the option of the command that it stands behind", async () => {
    const { config, history: path } = project(() => 40);
    const { code, text } = await typed("report", "--config", config, "--history", path, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ version: 1, servers: [{ server: "learn", probes: 100 }] });
  });

  test("is not swallowed when it is typed before a command: that is said", async () => {
    const { config } = project(() => 40);
    await expect(typed("--json", "-c", config, "report", "learn")).rejects.toThrow(
      "report is a command: write it before",
    );
  });

  test("may be a server that is called like a command, behind run", async () => {
    const folder = temporaryProject({
      "loadtest.yaml": "servers: { report: { url: 'http://127.0.0.1:1/mcp', auth: none } }\n",
    });
    const options = ["--once", "--config", join(folder, "loadtest.yaml"), "--history", join(folder, "h.jsonl")];
    expect((await typed("run", "report", ...options)).code).toBe(4);
    expect(readHistory(join(folder, "h.jsonl")).probes).toMatchObject([{ isOk: false }]);
  });

  test.each(["", "run", "report", "import", "compare", "deployed"])(
    "has a help of 80 columns, with the options of its own: probe %s",
    async (command) => {
      const { text } = await typed(...(command === "" ? [] : [command]), "--help");
      expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(text.includes("--every")).toBe(command === "" || command === "run");
    },
  );
});
