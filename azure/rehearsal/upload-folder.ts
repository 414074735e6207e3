/**
 * The upload folder as whoever uploads it reads it: what its YAML names goes up, all into one folder, and what it does not
 * name stays behind.
 */

import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { isFile } from "../../config/find-file.ts";
import { AzureError } from "../azure-error.ts";
import { REQUIREMENTS } from "../definition/engine-requirements.ts";
import { TEST_YAML } from "../definition/upload-set.ts";

const LARGEST_YAML_BYTES = 1024 * 1024;

const names = z.array(z.string().min(1)).default([]);
const listed = z.array(z.object({ name: z.string().min(1), value: z.string() })).default([]);

/** What of Azure's YAML decides how a test starts on an engine. */
const testSchema = z.object({
  testPlan: z.string().endsWith(".py"),
  testType: z.literal("Locust"),
  engineInstances: z.int().min(1).max(400).default(1),
  configurationFiles: names,
  zipArtifacts: names,
  properties: z.object({ userPropertyFile: z.string().min(1).optional() }).default({}),
  splitAllCSVs: z.boolean().default(false),
  env: listed,
  secrets: listed,
  certificates: listed,
});

export interface UploadFolder {
  readonly dir: string;
  readonly testPlan: string;
  /** locust.conf, under whatever name. */
  readonly userProperties: string | null;
  /** Names of all files that go up; zips among them. */
  readonly files: readonly string[];
  readonly zips: readonly string[];
  readonly engines: number;
  readonly env: Readonly<Record<string, string>>;
  /** Names of the variables that Azure fills from Key Vault. */
  readonly secrets: readonly string[];
  readonly certificates: readonly string[];
  readonly splitsFiles: boolean;
  /** Text of requirements.txt; null when none goes up. */
  readonly requirements: string | null;
}

/** @throws {AzureError} AZURE_FILE when the YAML or a file that it names cannot be used */
export const readUploadFolder = (dir: string): UploadFolder => {
  const test = readTest(join(dir, TEST_YAML));
  const { userPropertyFile } = test.properties;
  const plain = [
    test.testPlan,
    ...test.configurationFiles,
    ...(userPropertyFile === undefined ? [] : [userPropertyFile]),
  ];
  const files = [...new Set([...plain, ...test.zipArtifacts])];
  for (const name of files) {
    if (name !== basename(name)) throw broken(name, "it lies in a folder, and an engine has one folder for all");
    if (!isFile(join(dir, name))) throw broken(join(dir, name), "it is not there");
  }
  return {
    dir,
    testPlan: test.testPlan,
    userProperties: userPropertyFile ?? null,
    files,
    zips: test.zipArtifacts,
    engines: test.engineInstances,
    env: Object.fromEntries(test.env.map(({ name, value }) => [name, value])),
    secrets: test.secrets.map(({ name }) => name),
    certificates: test.certificates.map(({ name }) => name),
    splitsFiles: test.splitAllCSVs,
    requirements: files.includes(REQUIREMENTS) ? readFileSync(join(dir, REQUIREMENTS), "utf8") : null,
  };
};

const readTest = (path: string): z.output<typeof testSchema> => {
  if (!isFile(path)) throw broken(path, "it is not there; swarmbridge azure yaml writes it");
  if (statSync(path).size > LARGEST_YAML_BYTES) throw broken(path, "it is larger than 1 MiB");
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"), { maxAliasCount: 0 });
  } catch (cause) {
    throw broken(path, "it is not YAML", cause);
  }
  const parsed = testSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".") ?? "";
  throw broken(
    path,
    field === "" ? "it is no test of Azure Load Testing" : `${field} is not as Azure wants it`,
    parsed.error,
  );
};

const broken = (place: string, why: string, cause?: unknown): AzureError =>
  new AzureError("AZURE_FILE", { place, why }, { cause });
