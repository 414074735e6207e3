/** Which files go up, all into one folder: the test plan, what it needs beside it, ours, and what the user names. */

import { statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import type { Path } from "../../config/fault.ts";
import { isFile } from "../../config/find-file.ts";
import { BUNDLE } from "./bundle.ts";
import type { Draft } from "./draft.ts";
import { REQUIREMENTS } from "./engine-requirements.ts";
import { LOCUST_CONF } from "./locust-conf.ts";
import { filesOfAuth, secretFile } from "./secret-files.ts";
import { FILE_KINDS, type FileKind, type UploadFile } from "./test-definition.ts";

/** Azure's own description of the test, beside the files. */
export const TEST_YAML = "azure-load-test.yaml";
export const ENGINE_SETTINGS = "loadtest.yaml";
/** Names of what was written last time, one a line. It is not uploaded. */
export const WRITTEN_LIST = ".swarmbridge-files";

const OURS: ReadonlySet<string> = new Set([
  TEST_YAML,
  BUNDLE,
  ENGINE_SETTINGS,
  LOCUST_CONF,
  REQUIREMENTS,
  WRITTEN_LIST,
]);
export const isOurName = (name: string): boolean => OURS.has(name.toLowerCase());

/** @see Azure Load Testing, service limits */
const LARGEST_BYTES = 50 * 1024 * 1024;
const MOST_FILES = 1000;
const MOST_ZIPS = 5;

/** What every file system and URL takes as it is: not an option of a program, a device of Windows, or a dot that it cuts off. */
const PLAIN_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))(?!-)[A-Za-z0-9._-]{1,200}(?<!\.)$/i;

/** A file with the key of `loadtest.yaml` that brings it along. */
interface Candidate {
  readonly path: Path;
  readonly from: UploadFile["from"];
  readonly name: string;
  readonly kind: FileKind;
}

export interface UploadParts {
  /** Absolute. */
  readonly testPlan: string;
  readonly beside: readonly string[];
  /** null: not built. */
  readonly bundle: string | null;
  readonly locustConf: string;
  readonly settings: {
    readonly text: string;
    readonly files: readonly { readonly key: Path; readonly path: string }[];
  };
  readonly requirements: string;
}

/** @returns the files in the order in which they go up, the script last; faults are reported */
export const uploadSet = (draft: Draft, parts: UploadParts): UploadFile[] => {
  const { azure, settings, faults } = draft;
  const PLAN = ["azure", "testPlan"];
  const onDisk = (path: Path, file: string, kind: FileKind): Candidate => {
    const absolute = resolve(settings.folder, file);
    return { path, from: { path: absolute }, name: basename(absolute), kind };
  };
  const made = (name: string, text: string, kind: FileKind = "ADDITIONAL_ARTIFACTS"): Candidate => ({
    path: ["azure"],
    from: { text },
    name,
    kind,
  });
  const candidates: Candidate[] = [
    onDisk(PLAN, parts.testPlan, "TEST_SCRIPT"),
    made(LOCUST_CONF, parts.locustConf, "USER_PROPERTIES"),
    made(ENGINE_SETTINGS, parts.settings.text),
    made(REQUIREMENTS, parts.requirements),
    ...(parts.bundle === null ? [] : [{ ...onDisk(["azure"], parts.bundle, "ADDITIONAL_ARTIFACTS"), name: BUNDLE }]),
    ...parts.beside.map((file) => onDisk(PLAN, file, "ADDITIONAL_ARTIFACTS")),
    ...parts.settings.files.map(({ key, path }) => onDisk(key, path, "ADDITIONAL_ARTIFACTS")),
    ...azure.configurationFiles.map((file, index) =>
      onDisk(["azure", "configurationFiles", index], file, "ADDITIONAL_ARTIFACTS"),
    ),
    ...azure.zipArtifacts.map((file, index) => onDisk(["azure", "zipArtifacts", index], file, "ZIPPED_ARTIFACTS")),
  ];
  if (azure.zipArtifacts.length > MOST_ZIPS) {
    faults.report(
      ["azure", "zipArtifacts"],
      `names ${azure.zipArtifacts.length} zip files: Azure takes at most ${MOST_ZIPS}`,
    );
  }
  const whySecret = secretFinder(draft);
  const files = withoutRepeats(draft, candidates).flatMap((candidate) => fileOf(draft, candidate, whySecret));
  if (files.length > MOST_FILES) {
    faults.report(["azure"], `has ${files.length} files to upload: Azure takes at most ${MOST_FILES}`);
  }
  return files.sort(byOrder);
};

/** The same file twice is one; two files of one name cannot lie in one folder. */
const withoutRepeats = ({ faults }: Draft, candidates: readonly Candidate[]): Candidate[] => {
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = candidate.name.toLowerCase();
    const other = byName.get(key);
    if (other === undefined) byName.set(key, candidate);
    else if (sourceOf(other) !== sourceOf(candidate)) faults.report(candidate.path, nameTaken(candidate, other));
  }
  return [...byName.values()];
};

const sourceOf = ({ from }: Candidate): string | null => ("path" in from ? from.path : null);

const nameTaken = (candidate: Candidate, other: Candidate): string => {
  const { name } = candidate;
  if (isOurName(name)) {
    const instead = name.toLowerCase() === REQUIREMENTS ? ": add its lines under azure.requirements" : "";
    return `would upload a second ${name}, a name that is ours${instead}`;
  }
  return `would upload ${name} twice, from ${folderOf(other)} and ${folderOf(candidate)}: all files lie in one folder on an engine, rename one`;
};

const folderOf = ({ from }: Candidate): string => ("path" in from ? `${basename(dirname(from.path))}/` : "here");

/** @returns what a file must not go up for, or null */
const secretFinder = ({ settings }: Draft): ((candidate: Candidate) => string | null) => {
  const read = filesOfAuth(settings);
  // Our own bundle reads keys and says how they begin.
  return ({ from, name, path }) => ("path" in from && name !== BUNDLE ? secretFile(from.path, path, read) : null);
};

const fileOf = (
  { faults }: Draft,
  candidate: Candidate,
  whySecret: (candidate: Candidate) => string | null,
): UploadFile[] => {
  const { path, from, name, kind } = candidate;
  const refuse = (sentence: string): [] => {
    faults.report(path, sentence);
    return [];
  };
  if (!PLAIN_NAME.test(name))
    return refuse(
      `names a file whose name Azure would not keep (${name.replaceAll(/[^\x20-\x7e]/gu, "?")}): use a to z, digits, . _ and -, no - first, no . last, no device such as con`,
    );
  if ("path" in from && isOurName(name) && name !== BUNDLE) return refuse(`names ${name}, a name that is ours`);
  if ("text" in from) return [{ name, kind, bytes: Buffer.byteLength(from.text), from }];
  if (!isFile(from.path)) return refuse(`names ${name}, which is not there`);
  const secret = whySecret(candidate);
  if (secret !== null) {
    return refuse(
      `would upload ${name}, ${secret}: put it into Key Vault, under azure.secrets or azure.certificates, or rename it when it is none`,
    );
  }
  if (kind === "ZIPPED_ARTIFACTS" && extname(name).toLowerCase() !== ".zip")
    return refuse(`names ${name}, which is not a zip file`);
  if (kind !== "ZIPPED_ARTIFACTS" && extname(name).toLowerCase() === ".zip") {
    return refuse(`names the zip file ${name}: put it under azure.zipArtifacts`);
  }
  const { size } = statSync(from.path);
  if (size > LARGEST_BYTES)
    return refuse(`would upload ${name} of ${megabytes(size)} MB: Azure takes at most 50 MB a file`);
  return [{ name, kind, bytes: size, from }];
};

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

const byOrder = (a: UploadFile, b: UploadFile): number =>
  FILE_KINDS.indexOf(a.kind) - FILE_KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1);
