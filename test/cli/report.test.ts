import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { CommandError } from "../../cli/command-error.ts";
import { type ReportOptions, report } from "../../cli/report.ts";
import { styleFor } from "../../cli/style.ts";
import { toldOf } from "../../cli/tell-error.ts";
import { RecordError } from "../../record/record-error.ts";
import { ReportError } from "../../report/report-error.ts";
import { temporaryProject } from "../config/temporary-project.ts";
import { writeRecord } from "../gate/written-record.ts";
import { sample } from "../record/samples.ts";

const SECRET = "tok_4f9Qm2Zx81LkWv7Rt3Yb";

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = temporaryProject({});
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  writeRecord(join(folder, "results"), [sample(), sample({ outcome: "timeout" })], { id: "1-first" });
  writeRecord(join(folder, "results"), [sample(), sample()], { id: "2-second" });
  printed = [];
});

const run = (options: Partial<ReportOptions> = {}): number => {
  const redactor = new Redactor();
  redactor.learn(SECRET);
  const env = { SWARMBRIDGE_RESULTS: join(folder, "results") };
  const style = styleFor({ isTTY: false, columns: 80 }, env);
  return report(
    { run: "1-first", config: undefined, output: undefined, markdown: false, ...options },
    { print: (text) => printed.push(text), style, env, redactor },
  );
};

const pageOf = (id: string): string => join(folder, "results", id, "report.html");

describe("swarmbridge report", () => {
  test("writes the page beside the record, for its owner alone, and says where; no loadtest.yaml is needed", () => {
    expect(run()).toBe(0);
    expect(printed).toEqual([`the report: ${pageOf("1-first")}`]);
    expect(statSync(pageOf("1-first")).mode & 0o777).toBe(0o600);
    const page = readFileSync(pageOf("1-first"), "utf8");
    expect(page.startsWith("<!doctype html>")).toBe(true);
    expect(page.includes("<h1>Load test 1-first</h1>")).toBe(true);
  });

  test("writes it where it is told, and the Markdown as well", () => {
    const [output, markdown] = [join(folder, "page.html"), join(folder, "page.md")];
    run({ output, markdown });
    expect(printed).toEqual([`the report as Markdown: ${markdown}`, `the report: ${output}`]);
    expect(readFileSync(output, "utf8").length).toBeGreaterThan(1000);
    expect(readFileSync(markdown, "utf8")).toMatch(/^# Load test 1-first\n/);
  });

  test("says what to do when the page cannot lie beside the record", () => {
    mkdirSync(pageOf("1-first"));
    expect(() => run()).toThrow(/report\.html cannot be written \(EISDIR\): name another place with -o FILE/);
  });

  test.each([
    [{ markdown: "results/1-first/report.html" }, /both name .*report\.html/],
    [{ output: "results/1-first/run.json" }, /--output names .* belongs to the run record/],
    [{ markdown: "results/2-second/latency.hlog" }, /--markdown names .* belongs to the run record/],
  ])("%o is refused, and all files stay as they were", (options, reason) => {
    const record = (): string[] =>
      ["run.json", "latency.hlog"].map((name) => readFileSync(join(folder, "results", "1-first", name), "utf8"));
    const before = record();
    const placed = Object.fromEntries(Object.entries(options).map(([key, file]) => [key, join(folder, file)]));
    expect(() => run(placed)).toThrow(reason);
    expect(record()).toEqual(before);
  });

  test("prints Markdown and writes nothing when no file is named for it", () => {
    run({ markdown: true });
    expect(printed.join("\n")).toMatch(/^# Load test 1-first\n/);
    expect(statSync(pageOf("1-first"), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("has no secret in what it writes, wherever the record has it", () => {
    const head = join(folder, "results", "1-first", "run.json");
    writeFileSync(head, readFileSync(head, "utf8").replaceAll('"learn:tools', `"learn:${SECRET}:tools`));
    run();
    const page = readFileSync(pageOf("1-first"), "utf8");
    expect(page.includes(SECRET)).toBe(false);
    expect(page.includes("[redacted]")).toBe(true);
  });

  test("reads no file outside of the results for a server whose name is a path", () => {
    mkdirSync(join(folder, "results", "probe"), { recursive: true });
    writeFileSync(join(folder, "results", "stolen.jsonl"), '{"at":"2026-03-01T00:00:00Z","ok":true}\n');
    const head = join(folder, "results", "1-first", "run.json");
    writeFileSync(head, readFileSync(head, "utf8").replaceAll('"learn', '"../stolen'));
    expect(run()).toBe(0);
  });

  test("says what is wrong of a run that is none, and of a record that cannot be read", () => {
    expect(() => run({ run: "3-third" })).toThrow(CommandError);
    writeFileSync(join(folder, "results", "2-second", "run.json"), "{}");
    expect(() => run({ run: "2-second" })).toThrow(RecordError);
  });

  test("says how a checkout that is not built is built", () => {
    expect(toldOf(new ReportError("PAGE_NOT_BUILT", { dir: "/x/dist" }))).toMatchObject({
      lines: ["/x/dist: the script and the style of a report's page are not built"],
      next: "in the checkout: npm run build",
      exitCode: 3,
    });
  });
});
