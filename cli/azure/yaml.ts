/** `swarmbridge azure yaml`: writes the folder that Azure's own tools take, and says what to do with it. */

import { resolve } from "node:path";
import type { AzureSettings } from "../../azure/azure-schema.ts";
import { defineTest } from "../../azure/definition/define-test.ts";
import type { TestDefinition } from "../../azure/definition/test-definition.ts";
import { testYaml } from "../../azure/definition/test-yaml.ts";
import { TEST_YAML } from "../../azure/definition/upload-set.ts";
import { writeUploadFolder } from "../../azure/definition/write-upload-folder.ts";
import { shownPath } from "../../config/find-file.ts";
import type { LoadedFile } from "../../config/settings.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import { COMMAND_FOLDER } from "../command-folder.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";

export interface AzureYamlOptions {
  /** The folder, relative to the working folder. */
  readonly out: string;
  /** Only the YAML, to standard output; nothing is written. */
  readonly print: boolean;
  /** The working folder. */
  readonly cwd: string;
}

/**
 * @returns the exit code
 * @throws what `defineTest` and `writeUploadFolder` throw
 */
export const azureYaml = (
  file: LoadedFile<FailureCriteria, AzureSettings | undefined>,
  { out, print, cwd }: AzureYamlOptions,
  output: Output,
): number => {
  const definition = defineTest(file, { cwd, env: output.env, commandFolder: COMMAND_FOLDER });
  if (print) {
    output.print(testYaml(definition).trimEnd());
    return EXIT.fine;
  }
  const folder = resolve(cwd, out);
  writeUploadFolder(definition, folder);
  const shown = shownPath(folder, cwd) || ".";
  output.print([...written(definition, shown, output), ...next(definition, shown, output)].join("\n"));
  return EXIT.fine;
};

const written = (definition: TestDefinition, folder: string, { style }: Output): string[] => {
  const { azure, files, load, warnings, targets } = definition;
  const bytes = files.reduce((all, file) => all + file.bytes, 0);
  const [largest] = [...files].sort((a, b) => b.bytes - a.bytes);
  const tested = targets.filter(({ missing }) => missing === null).map(({ name }) => name);
  const engines = azure.engineInstances === 1 ? "1 engine" : `${azure.engineInstances} engines`;
  return [
    `${style.bold(azure.testId)}: ${load.users} users on ${engines} for ${load.runTimeSeconds} s, against ${tested.join(", ")}`,
    `Written to ${folder}: ${TEST_YAML} and ${files.length} files, ${size(bytes)}` +
      (largest === undefined ? "" : ` (the largest: ${largest.name}, ${size(largest.bytes)})`),
    ...warnings.map((warning) => `${style.yellow("!")} ${warning}`),
  ];
};

/** The three ways that need nothing of ours any more. */
const next = ({ azure }: TestDefinition, folder: string, { style }: Output): string[] => {
  const { testId, resource = "RESOURCE", resourceGroup = "GROUP" } = azure;
  const where = `      --load-test-resource ${resource} --resource-group ${resourceGroup}`;
  return [
    "",
    style.bold("With the az CLI (from the second time on: update in the place of create)"),
    `  cd ${quoted(folder)}`,
    `  az load test create --test-id ${testId} --load-test-config-file ${TEST_YAML} \\`,
    where,
    `  az load test-run create --test-id ${testId} --test-run-id ${testId.slice(0, LONGEST_RUN_ID - "-1".length)}-1 \\`,
    where,
    style.bold("With Azure DevOps"),
    "  - task: AzureLoadTest@1",
    "    inputs:",
    "      azureSubscription: SERVICE-CONNECTION",
    `      loadTestConfigFile: ${folder}/${TEST_YAML}`,
    `      loadTestResource: ${resource}`,
    `      resourceGroup: ${resourceGroup}`,
    style.bold("With GitHub Actions (after azure/login)"),
    "  - uses: azure/load-testing@v1",
    "    with:",
    `      loadTestConfigFile: ${folder}/${TEST_YAML}`,
    `      loadTestResource: ${resource}`,
    `      resourceGroup: ${resourceGroup}`,
  ];
};

/** Azure's own limit. */
const LONGEST_RUN_ID = 50;

/** For a POSIX shell, where it needs that. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) && !path.startsWith("-") ? path : `'${path.replaceAll("'", "'\\''")}'`;

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
