import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { CommandError } from "../../cli/command-error.ts";
import { refuseNamedTwice, writeNamedFile, writeNamedMarkdown, writeOwnFile } from "../../cli/written-file.ts";
import { RecordError } from "../../record/record-error.ts";
import { temporaryProject } from "../config/temporary-project.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = temporaryProject({});
  file = join(folder, "run.prom");
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

function* failing(error: Error): Generator<string> {
  yield "half";
  throw error;
}

test("a new file is its owner's alone, and one that is there keeps who may read it", () => {
  writeNamedFile("-o", file, "one");
  expect(modeOf(file)).toBe(0o600);
  chmodSync(file, 0o644);
  writeNamedFile("-o", file, ["t", "wo"]);
  expect([modeOf(file), readFileSync(file, "utf8")]).toEqual([0o644, "two"]);
});

test("a reader never sees a part: what fails half way leaves the old file, and nothing beside it", () => {
  writeFileSync(file, "old");
  const torn = new RecordError("RECORD_BROKEN", {});
  expect(() => writeNamedFile("-o", file, failing(torn))).toThrow(torn);
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder).filter((name) => name.includes("run.prom"))).toEqual(["run.prom"]);
});

test("a link stays one, and what it leads to is replaced", () => {
  writeFileSync(file, "old");
  const link = join(folder, "link.prom");
  symlinkSync(file, link);
  writeNamedFile("-o", link, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(
    readdirSync(folder, { withFileTypes: true })
      .find(({ name }) => name === "link.prom")
      ?.isSymbolicLink(),
  ).toBe(true);
});

test.each(["run.json", "latency.hlog", "timeline.jsonl", "failures.json", "RUN.JSON"])(
  "%s of a record is refused, also by a link to its folder, and elsewhere a file may have that name",
  (name) => {
    const run = join(folder, "run");
    mkdirSync(run);
    writeFileSync(join(run, "run.json"), "{}");
    symlinkSync(run, join(folder, "linked"));
    for (const place of ["run", "linked"]) {
      expect(() => writeNamedFile("-o", join(folder, place, name), "new")).toThrow(/belongs to the run record/);
    }
    expect(readFileSync(join(run, "run.json"), "utf8")).toBe("{}");
    writeNamedFile("-o", join(folder, name), "new");
    linkSync(join(run, "run.json"), join(folder, "other.json"));
    writeNamedFile("-o", join(folder, "other.json"), "new");
    expect(readFileSync(join(run, "run.json"), "utf8")).toBe("{}");
  },
);

test("a link to a record's file is refused", () => {
  const run = join(folder, "run");
  mkdirSync(run);
  writeFileSync(join(run, "run.json"), "{}");
  symlinkSync(join(run, "run.json"), join(folder, "summary.json"));
  expect(() => writeNamedFile("--json", join(folder, "summary.json"), "new")).toThrow(/--json names .* belongs to/);
});

test.skipIf(process.platform === "win32")("what is no file is written to as it is", () => {
  writeNamedFile("-o", "/dev/null", "new");
  expect(statSync("/dev/null").isFile()).toBe(false);
});

test("no name, no folder, and what the system refuses are told with the option", () => {
  expect(() => writeNamedFile("--junit", "", "")).toThrow(/--junit names no file/);
  expect(() => writeNamedFile("--junit", join(folder, "absent", "a.xml"), "")).toThrow(/there is no folder/);
  expect(() => writeNamedFile("--junit", folder, "")).toThrow(/--junit names .* cannot be written \(EISDIR\)/);
});

test("a file that we place ourselves is told with what can be done", () => {
  expect(() => writeOwnFile(folder, "", "name another")).toThrow(CommandError);
  expect(() => writeOwnFile(folder, "", "name another")).toThrow(/cannot be written \(EISDIR\): name another/);
});

test("the summary of a job's step is added to, any other Markdown replaced", () => {
  const summary = join(folder, "summary.md");
  for (const text of ["one\n", "two\n"]) {
    writeNamedMarkdown(summary, text, { GITHUB_STEP_SUMMARY: summary });
    writeNamedMarkdown(file, text, { GITHUB_STEP_SUMMARY: summary });
  }
  expect([readFileSync(summary, "utf8"), readFileSync(file, "utf8")]).toEqual(["one\ntwo\n", "two\n"]);
});

test("two options may not name one file, by whatever path", () => {
  expect(() => refuseNamedTwice({ "--junit": file, "--json": join(folder, ".", "run.prom") })).toThrow(
    /--junit and --json both name .*: name two files/,
  );
  refuseNamedTwice({ "--junit": file, "--json": true, "--markdown": undefined, "--html": `${file}.html` });
});
