import { authSchema } from "../auth/auth-schema.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { Settings } from "../config/settings.ts";

/**
 * The settings of the working folder, as a run started here would have them.
 * @param file named instead of `loadtest.yaml`, as with SWARMBRIDGE_CONFIG
 * @throws {ConfigError}
 */
export const loadFor = (file: string | undefined): Settings => {
  const cwd = process.cwd();
  const env = file === undefined ? process.env : { ...process.env, SWARMBRIDGE_CONFIG: file };
  return loadSettings({ cwd, project: cwd, env }, authSchema);
};
