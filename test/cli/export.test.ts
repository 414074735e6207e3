import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Redactor } from "../../bridge/redactor.ts";
import { CommandError } from "../../cli/command-error.ts";
import { type ExportOptions, exportRun } from "../../cli/export.ts";
import { styleFor } from "../../cli/style.ts";
import type { FormatName } from "../../report/format/formats.ts";
import { temporaryProject } from "../config/temporary-project.ts";
import { writeRecord } from "../gate/written-record.ts";
import { SEARCH, sample } from "../record/samples.ts";

const SECRET = "canary-7f3a90c2d15e48b6";
const INVISIBLE = "learn:tools/call:\u202emoc";
/** In one text with a secret: what is cleaned is written anew. */
const BOTH = `learn:tools/call:\u009b\u202e${SECRET}`;

const project = (): string => {
  const folder = temporaryProject({});
  const names = [SEARCH, `learn:tools/call:${SECRET}`, INVISIBLE, BOTH];
  const samples = Array.from({ length: 30 }, (_, n) => sample({ name: names[n % 4] ?? "", endMs: n * 300 }));
  writeRecord(join(folder, "results"), samples, { id: "1-good" });
  return folder;
};

const run = (cwd: string, format: FormatName, options: Partial<ExportOptions> = {}): { code: number; out: string } => {
  let out = "";
  const print = (text: string): void => {
    out += `${text}\n`;
  };
  const redactor = new Redactor();
  redactor.learn(SECRET);
  const env = { SWARMBRIDGE_RESULTS: join(cwd, "results") };
  const whole = { run: undefined, config: undefined, output: undefined, names: [], outcomes: [], kinds: [] };
  const code = exportRun({ ...whole, format, ...options }, { print, env, style: styleFor({}, {}), redactor });
  return { code, out };
};

test.each(["csv", "csv-timeline", "json", "jsonl", "junit", "markdown", "hlog", "prometheus"] as const)(
  "%s is the same in a file as on standard output, and has no secret in it",
  (format) => {
    const cwd = project();
    const { code, out } = run(cwd, format, { output: "-" });
    const file = join(cwd, "out");
    expect([code, run(cwd, format, { output: file }).out]).toEqual([0, ""]);
    expect(readFileSync(file, "utf8")).toBe(out);
    expect(out).not.toContain(SECRET);
    expect(out.length).toBeGreaterThan(100);
  },
);

test("JSON stays JSON when a secret is taken out, and what would turn a line round stays escaped", () => {
  const cwd = project();
  const { out } = run(cwd, "json");
  const names = JSON.parse(out).names.map(({ name }: { name: string }) => name);
  expect(names).toEqual([SEARCH, "learn:tools/call:[redacted]", INVISIBLE, "learn:tools/call:\u009b\u202e[redacted]"]);
  expect(out).toContain("\\u202emoc");
  expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(run(cwd, "jsonl").out).not.toMatch(/[\u0080-\u009f\u202e]/);
  for (const line of run(cwd, "jsonl").out.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("type");
});

test("a choice of series is for the log alone, and its words are checked", () => {
  const cwd = project();
  expect(() => run(cwd, "csv", { names: [SEARCH] })).toThrow(/--name, --outcome and --kind choose from --format hlog/);
  expect(() => run(cwd, "hlog", { outcomes: ["fine"] })).toThrow(CommandError);
  expect(() => run(cwd, "hlog", { kinds: ["servise"] })).toThrow(/--kind servise is not known: one of service,/);
  expect(run(cwd, "hlog", { names: [SEARCH], kinds: ["service"] }).out).toContain(`Tag=${SEARCH};ok;service`);
});

test("a name that the run does not have is said, with the one that was meant", () => {
  const cwd = project();
  expect(() => run(cwd, "hlog", { names: [SEARCH, "nothing:here"] })).toThrow(/--name nothing:here: the run has no/);
  expect(() => run(cwd, "hlog", { names: [`${SEARCH}s`] })).toThrow(`did you mean ${SEARCH}?`);
});

test("a folder that is not there is said, and nothing is written elsewhere", () => {
  const cwd = project();
  expect(() => run(cwd, "csv", { output: join(cwd, "absent", "run.csv") })).toThrow(/-o names .*there is no folder/);
});

test.each(["latency.hlog", "run.json"])("the record's own %s is refused as a place, and stays as it was", (name) => {
  const cwd = project();
  const place = join(cwd, "results", "1-good", name);
  const before = readFileSync(place, "utf8");
  expect(() => run(cwd, "hlog", { output: place })).toThrow(/-o names .* belongs to the run record/);
  expect(readFileSync(place, "utf8")).toBe(before);
});
