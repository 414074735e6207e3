import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Runs the official conformance suites and reads their verdicts from the files that they write. */

export interface Suite {
  readonly packageName: string;
  readonly revision: string;
}

export interface Verdict {
  readonly scenario: string;
  readonly revision: string;
  readonly passed: number;
  /** Ids of the checks that failed, and what else went wrong. */
  readonly failed: readonly string[];
}

const run = promisify(execFile);
const LIMIT_MS = 60_000;

/** The client scenarios of a revision, as the suite itself names them, but for authorization. */
export const scenariosOf = async (suite: Suite): Promise<readonly string[]> => {
  const { stdout, stderr } = await run(process.execPath, [
    entryOf(suite),
    "list",
    "--client",
    "--spec-version",
    suite.revision,
  ]);
  const names = Array.from(`${stdout}\n${stderr}`.matchAll(/^\s+- (\S+)/gm), ([, name]) => name ?? "");
  return names.filter((name) => !name.startsWith("auth/"));
};

/** One scenario against the client; a run in which no check was passed is a failure. */
export const runScenario = async (suite: Suite, scenario: string, command: string): Promise<Verdict> => {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  const failed: string[] = [];
  try {
    await run(
      process.execPath,
      [entryOf(suite), "client", "--command", command, "--scenario", scenario, "-o", folder, ...specVersion(suite)],
      { timeout: LIMIT_MS },
    );
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    failed.push(`exit code: ${lastLines(stderr ?? String(error))}`);
  }
  const checks = await readChecks(folder);
  await rm(folder, { recursive: true });
  failed.push(...checks.filter(({ status }) => status === "FAILURE").map(({ id }) => id));
  const passed = checks.filter(({ status }) => status === "SUCCESS").length;
  if (passed === 0) failed.push("no check was passed");
  return { scenario, revision: suite.revision, passed, failed };
};

interface Check {
  readonly id: string;
  readonly status: string;
}

const readChecks = async (folder: string): Promise<readonly Check[]> => {
  const files = await readdir(folder, { recursive: true });
  const file = files.find((name) => name.endsWith("checks.json"));
  return file === undefined ? [] : (JSON.parse(await readFile(join(folder, file), "utf8")) as Check[]);
};

const entryOf = ({ packageName }: Suite): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), "dist", "index.js");

/** 0.1.16 knows one revision only and passes its own default to the client. */
const specVersion = (suite: Suite): readonly string[] =>
  suite.packageName === "conformance-2026" ? ["--spec-version", suite.revision] : [];

const lastLines = (text: string): string => text.trim().split("\n").slice(-12).join("\n");
