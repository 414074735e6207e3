/** What a bench needs besides Node: a Python with Locust, and the built bridge. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError } from "./bench-error.ts";
import { type ContenderName, contenderOf } from "./contenders.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface Python {
  readonly path: string;
  /** Of Python and of Locust. */
  readonly versions: { readonly python: string; readonly locust: string };
}

const PYTHON_VARIABLE = "SWARMBRIDGE_PYTHON";
const SAY_VERSIONS = "import locust, platform; print(platform.python_version(), locust.__version__)";

/** @throws {BenchError} PYTHON_MISSING */
export const findPython = (env: NodeJS.ProcessEnv = process.env): Python => {
  const inVenv = process.platform === "win32" ? [".venv", "Scripts", "python.exe"] : [".venv", "bin", "python"];
  const path = env[PYTHON_VARIABLE] || join(ROOT, ...inVenv);
  const { status, stdout } = spawnSync(path, ["-c", SAY_VERSIONS], { encoding: "utf8", timeout: 30_000 });
  if (status !== 0) {
    throw new BenchError(
      "PYTHON_MISSING",
      `${path} cannot be run or has no Locust: type \`npm start\` once, which makes .venv, or name one in ${PYTHON_VARIABLE}`,
    );
  }
  const [python = "", locust = ""] = stdout.trim().split(" ");
  return { path, versions: { python, locust } };
};

export const bundlePath = (): string => join(ROOT, "dist", "bridge.cjs");

/** @throws {BenchError} BUNDLE_MISSING */
export const requireBundle = (): void => {
  if (!existsSync(bundlePath())) {
    throw new BenchError("BUNDLE_MISSING", "dist/bridge.cjs is not there: type `npm run build`");
  }
};

/**
 * @returns Python when one of the contenders runs on it
 * @throws {BenchError} PYTHON_MISSING, BUNDLE_MISSING
 */
export const requireFor = (names: readonly ContenderName[]): Python | null => {
  const contenders = names.map(contenderOf);
  if (contenders.some(({ needsBundle }) => needsBundle)) requireBundle();
  return contenders.some(({ program }) => "locustfile" in program) ? findPython() : null;
};
