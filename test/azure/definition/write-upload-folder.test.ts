import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testYaml } from "../../../azure/definition/test-yaml.ts";
import { writeUploadFolder } from "../../../azure/definition/write-upload-folder.ts";
import { refusal, temporaryProject } from "../../config/temporary-project.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { define, defineIn, projectFolder } from "./project.ts";

const folderOf = (): string => join(temporaryProject({}), "build", "azure");
const namesIn = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith("."));

test("the folder holds the YAML and every file that it names, and nothing else", () => {
  const definition = define(CONFIGURATIONS["zips, further files and CSV split"] ?? {});
  const folder = folderOf();
  const names = writeUploadFolder(definition, folder);
  expect(names).toEqual(["azure-load-test.yaml", ...definition.files.map(({ name }) => name)]);
  expect(namesIn(folder).sort()).toEqual([...names].sort());
  expect(readFileSync(join(folder, "azure-load-test.yaml"), "utf8")).toBe(testYaml(definition));
  expect(readFileSync(join(folder, "queries.txt"), "utf8")).toBe("how to\n");
});

test("written again, it has what it has now, and not what it had", () => {
  const project = projectFolder({});
  const folder = folderOf();
  writeUploadFolder(defineIn(project), folder);
  rmSync(join(project, "locustfiles/queries.txt"));
  writeFileSync(join(project, "locustfiles/learn.py"), "server = 1\n");
  writeUploadFolder(defineIn(project), folder);
  expect(namesIn(folder)).not.toContain("queries.txt");
  expect(readFileSync(join(folder, "learn.py"), "utf8")).toBe("server = 1\n");
});

test("a folder with somebody else's files is refused, and stays as it was", () => {
  const folder = temporaryProject({ "thesis.txt": "mine", "other.txt": "mine too" });
  expect(refusal(() => writeUploadFolder(define({}), folder)).faults).toEqual([
    expect.stringMatching(/: holds \w+\.txt and 1 more, which swarmbridge did not write/),
  ]);
  expect(readdirSync(folder).sort()).toEqual(["other.txt", "thesis.txt"]);
});

test("so is one of ours that somebody put something into", () => {
  const folder = folderOf();
  writeUploadFolder(define({}), folder);
  mkdirSync(join(folder, "notes"));
  expect(refusal(() => writeUploadFolder(define({}), folder)).faults).toEqual([
    expect.stringContaining("holds notes,"),
  ]);
});

test("a list that somebody changed leads to no file outside", () => {
  const parent = temporaryProject({ "outside.txt": "mine", "azure/.swarmbridge-files": "../outside.txt\n..\n" });
  writeUploadFolder(define({}), join(parent, "azure"));
  expect(readFileSync(join(parent, "outside.txt"), "utf8")).toBe("mine");
});

test.each(["multi.py", "azure-load-test.yaml", ".swarmbridge-files"])(
  "a link in the place of %s is refused",
  (name) => {
    const folder = folderOf();
    writeUploadFolder(define({}), folder);
    const victim = join(temporaryProject({ "victim.txt": "mine" }), "victim.txt");
    rmSync(join(folder, name));
    symlinkSync(victim, join(folder, name));
    expect(refusal(() => writeUploadFolder(define({}), folder)).faults).toEqual([
      expect.stringContaining("which swarmbridge did not write"),
    ]);
    expect(readFileSync(victim, "utf8")).toBe("mine");
  },
);

test("a folder in the place of a file of ours is refused", () => {
  const folder = folderOf();
  writeUploadFolder(define({}), folder);
  rmSync(join(folder, "multi.py"));
  mkdirSync(join(folder, "multi.py"));
  expect(refusal(() => writeUploadFolder(define({}), folder)).faults).toEqual([
    expect.stringContaining("holds multi.py,"),
  ]);
});

test("a file that is also somebody else's, by a second name, stays theirs as it was", () => {
  const folder = folderOf();
  writeUploadFolder(define({}), folder);
  const victim = join(temporaryProject({ "victim.txt": "mine" }), "victim.txt");
  rmSync(join(folder, "multi.py"));
  linkSync(victim, join(folder, "multi.py"));
  writeUploadFolder(define({}), folder);
  expect(readFileSync(victim, "utf8")).toBe("mine");
});

test("what was copied can be written again, though its source is read-only", () => {
  const project = projectFolder({});
  chmodSync(join(project, "multi.py"), 0o444);
  const folder = folderOf();
  writeUploadFolder(defineIn(project), folder);
  expect(statSync(join(folder, "multi.py")).mode & 0o777).toBe(0o644);
  writeUploadFolder(defineIn(project), folder);
});

test("a file in the place of the folder, or a source that has gone, is an error of that file", () => {
  const parent = temporaryProject({ out: "" });
  const failure = (place: string, why: string) =>
    expect.objectContaining({ code: "AZURE_FILE", detail: { place, why } });
  expect(() => writeUploadFolder(define({}), join(parent, "out"))).toThrow(failure(join(parent, "out"), "EEXIST"));
  const project = projectFolder({});
  const definition = defineIn(project);
  rmSync(join(project, "multi.py"));
  expect(() => writeUploadFolder(definition, folderOf())).toThrow(failure(join(project, "multi.py"), "ENOENT"));
});
