import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { ZipFile } from "yazl";
import { fileChecks } from "../../../azure/plan/preflight/file-checks.ts";
import { zipContents } from "../../../azure/plan/preflight/zip-contents.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const zipOf = async (folder: string, files: number): Promise<string> => {
  const path = join(folder, `${files}.zip`);
  const zip = new ZipFile();
  zip.addEmptyDirectory("pages");
  for (let index = 0; index < files; index += 1) zip.addBuffer(Buffer.alloc(10), `pages/${index}.txt`);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
};

const checksOf = (path: string) =>
  fileChecks({ files: [{ name: "pages.zip", kind: "ZIPPED_ARTIFACTS", bytes: 1, from: { path } }] });

test("a zip is counted by its directory, folders not among the files", async () => {
  const path = await zipOf(temporaryProject({}), 3);
  expect(await zipContents(path)).toEqual({ files: 3, bytes: 30 });
  expect(await checksOf(path)).toMatchObject([
    { id: "files", state: "ok" },
    { id: "zips", state: "ok" },
  ]);
});

test("more files than Azure unpacks, and what is no zip, are lacks", async () => {
  const folder = temporaryProject({ "no.zip": "hello" });
  expect(await checksOf(await zipOf(folder, 1001))).toMatchObject([
    {},
    { state: "missing", seen: expect.stringMatching(/^1001 files/) },
  ]);
  expect(await checksOf(join(folder, "no.zip"))).toMatchObject([
    {},
    { state: "missing", seen: expect.stringMatching(/cannot be read/) },
  ]);
  expect(await checksOf(join(folder, "none.zip"))).toMatchObject([{}, { state: "missing" }]);
});
