/**
 * Writes a definition as a folder that the az CLI, the Azure DevOps task and the GitHub Action take as it is. The folder is
 * ours alone: a small list in it says what was written, and what nobody knows is left untouched by refusing to write at all.
 */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../config/config-error.ts";
import { isFile } from "../../config/find-file.ts";
import type { TestDefinition } from "./test-definition.ts";
import { testYaml } from "./test-yaml.ts";
import { TEST_YAML } from "./upload-set.ts";

/** Names of what was written last time, one a line. It is not uploaded. */
const LIST = ".swarmbridge-files";

/**
 * @param folder made when it is not there
 * @returns the names of what lies there now, the YAML first
 * @throws {ConfigError} CONFIG_INVALID when it holds files that are not ours; then nothing was written
 */
export const writeUploadFolder = (definition: TestDefinition, folder: string): readonly string[] => {
  const names = [TEST_YAML, ...definition.files.map(({ name }) => name)];
  const earlier = readList(folder);
  const strangers = existsSync(folder) ? readdirSync(folder).filter((name) => name !== LIST && !earlier.has(name)) : [];
  if (strangers.length > 0) throw refusal(folder, strangers);

  mkdirSync(folder, { recursive: true });
  // Before the files: what an interrupted writing leaves behind must be known to be ours next time.
  writeFileSync(join(folder, LIST), [...new Set([...earlier, ...names]), ""].join("\n"));
  for (const name of earlier) if (!names.includes(name)) rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, TEST_YAML), testYaml(definition));
  for (const { name, from } of definition.files) {
    const path = join(folder, name);
    if ("text" in from) writeFileSync(path, from.text);
    else copyFileSync(from.path, path);
  }
  writeFileSync(join(folder, LIST), [...names, ""].join("\n"));
  return names;
};

/** Only plain names: the list must not lead out of the folder. */
const readList = (folder: string): ReadonlySet<string> => {
  const path = join(folder, LIST);
  const lines = isFile(path) ? readFileSync(path, "utf8").split("\n") : [];
  return new Set(lines.filter((line) => line !== "" && line !== "." && line !== ".." && !/[\\/]/.test(line)));
};

const refusal = (folder: string, strangers: readonly string[]): ConfigError => {
  const [first] = strangers;
  const others = strangers.length > 1 ? ` and ${strangers.length - 1} more` : "";
  return new ConfigError("CONFIG_INVALID", [
    `${folder}: holds ${first}${others}, which swarmbridge did not write: name an empty folder, or take them out`,
  ]);
};
