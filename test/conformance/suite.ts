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

/** The client scenarios of a revision without authorization, and all with it, as the suite itself names them. */
export const scenariosOf = async (suite: Suite): Promise<{ plain: readonly string[]; auth: readonly string[] }> => ({
  plain: (await listed(suite, "--spec-version", suite.revision)).filter((name) => !name.startsWith("auth/")),
  // Those of extensions belong to no revision.
  auth: (await listed(suite)).filter((name) => name.startsWith("auth/")),
});

const listed = async (suite: Suite, ...options: readonly string[]): Promise<readonly string[]> => {
  const { stdout, stderr } = await run(process.execPath, [entryOf(suite), "list", "--client", ...options]);
  return Array.from(`${stdout}\n${stderr}`.matchAll(/^\s+- (\S+)/gm), ([, name]) => name ?? "");
};

/** What a scenario is judged by beside what the suite itself makes of it. */
export interface Judging {
  /** The ids of the checks that count, each of which has to be passed; absent: all that there are, and the exit code. */
  readonly only?: readonly string[];
  /** What the client must not have done: ids of checks that are passed by doing it. */
  readonly never?: readonly string[];
}

/** One scenario against the client; a run in which no check was passed is a failure. */
export const runScenario = async (
  suite: Suite,
  scenario: string,
  command: string,
  { only, never = [] }: Judging = {},
): Promise<Verdict> => {
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
  const idsWith = (wanted: string): string[] => checks.filter(({ status }) => status === wanted).map(({ id }) => id);
  if (only !== undefined) {
    const passed = only.filter((id) => idsWith("SUCCESS").includes(id) && !idsWith("FAILURE").includes(id));
    const missed = only.filter((id) => !passed.includes(id));
    return {
      scenario,
      revision: suite.revision,
      passed: passed.length,
      failed: missed.length === 0 ? [] : [...missed, ...failed],
    };
  }
  failed.push(...idsWith("FAILURE"), ...never.filter((id) => idsWith("SUCCESS").includes(id)));
  const passed = idsWith("SUCCESS").length;
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

/**
 * 0.1.16 knows one revision only and passes its own default to the client. Scenarios of extensions belong to no revision
 * and are skipped in each unless forced.
 */
const specVersion = (suite: Suite): readonly string[] =>
  suite.packageName === "conformance-2026" ? ["--spec-version", suite.revision, "--force"] : [];

const lastLines = (text: string): string => text.trim().split("\n").slice(-12).join("\n");
