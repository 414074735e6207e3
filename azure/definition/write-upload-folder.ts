/**
 * Writes a definition as a folder that the az CLI, the Azure DevOps task and the GitHub Action take as it is. The folder is
 * ours alone: a small list in it says what was written, and what nobody knows is left untouched by refusing to write at all.
 */

import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { readBeginning, unusableFile } from "./local-file.ts";
import type { TestDefinition, UploadFile } from "./test-definition.ts";
import { testYaml } from "./test-yaml.ts";
import { TEST_YAML, WRITTEN_LIST } from "./upload-set.ts";

/** A thousand names of 200 characters. */
const LARGEST_LIST_BYTES = 256 * 1024;

/** Whatever the source may be: the next writing must be able to replace it. */
const MODE = 0o644;

/**
 * @param folder made when it is not there
 * @returns the names of what lies there now, the YAML first
 * @throws {ConfigError} CONFIG_INVALID when it holds files that are not ours; then nothing was written
 * @throws {AzureError} AZURE_FILE when a file cannot be read or written
 */
export const writeUploadFolder = (definition: TestDefinition, folder: string): readonly string[] => {
  const yaml = { name: TEST_YAML, from: { text: testYaml(definition) } };
  const files = [yaml, ...definition.files];
  const names = files.map(({ name }) => name);
  at(folder, () => mkdirSync(folder, { recursive: true }));
  const earlier = readList(folder);
  const strangers = at(folder, () => readdirSync(folder)).filter(
    (name) => (name !== WRITTEN_LIST && !earlier.has(name)) || !isOrdinary(join(folder, name)),
  );
  if (strangers.length > 0) throw refusal(folder, strangers);

  // Before the files: what an interrupted writing leaves behind must be known to be ours next time.
  writeList(folder, [...new Set([...earlier, ...names])]);
  for (const name of earlier) {
    const path = join(folder, name);
    if (!names.includes(name)) at(path, () => rmSync(path, { force: true }));
  }
  for (const file of files) put(folder, file);
  writeList(folder, names);
  return names;
};

const writeList = (folder: string, names: readonly string[]): void =>
  put(folder, { name: WRITTEN_LIST, from: { text: [...names, ""].join("\n") } });

/** Never into what is there: that may be a link to a file somewhere else. */
const put = (folder: string, { name, from }: Pick<UploadFile, "name" | "from">): void => {
  const path = join(folder, name);
  at(path, () => rmSync(path, { force: true }));
  if ("text" in from) {
    at(path, () => writeFileSync(path, from.text, { flag: "wx", mode: MODE }));
  } else {
    at(from.path, () => copyFileSync(from.path, path, constants.COPYFILE_EXCL));
    at(path, () => chmodSync(path, MODE));
  }
};

const at = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw unusableFile(path, error);
  }
};

const isOrdinary = (path: string): boolean => at(path, () => lstatSync(path)).isFile();

/** Only plain names: the list must not lead out of the folder. */
const readList = (folder: string): ReadonlySet<string> => {
  const path = join(folder, WRITTEN_LIST);
  const lines = existsSync(path) && isOrdinary(path) ? readBeginning(path, LARGEST_LIST_BYTES).split("\n") : [];
  return new Set(lines.filter((line) => line !== "" && line !== "." && line !== ".." && !/[\\/]/.test(line)));
};

const refusal = (folder: string, strangers: readonly string[]): ConfigError => {
  const [first] = strangers;
  const others = strangers.length > 1 ? ` and ${strangers.length - 1} more` : "";
  return new ConfigError("CONFIG_INVALID", [
    `${folder}: holds ${first}${others}, which swarmbridge did not write: name an empty folder, or take them out`,
  ]);
};
