import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { ConfigError } from "../../config/config-error.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { Settings } from "../../config/settings.ts";

/** A folder with these files, gone after the test. */
export const temporaryProject = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
};

/** Loads this text as the `loadtest.yaml` of the working folder. */
export const load = (yaml: string, env: NodeJS.ProcessEnv = {}): Settings => {
  const folder = temporaryProject({ "loadtest.yaml": yaml });
  return loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
};

/** The error that loading ends with; fails the test when it does not. */
export const refusal = (attempt: () => unknown): ConfigError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
};
