/** The bridge as one file, which goes up with the locustfiles. It is found, never built here. */

import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isFile } from "../../config/find-file.ts";

export const BUNDLE = "bridge.cjs";

/** Where a checkout has what the bundle is made of. */
const SOURCES = ["bridge", "auth", "record", "config"];

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the running command: beside it, or in `dist` of its package, lies the bridge that was built with it. */
  readonly commandFolder: string;
}

/**
 * Where Python looks for it (locustfiles/bridge_process.py): below the project that holds that file. A project outside of
 * the checkout has none; then it is the one that was built with this command.
 * @returns null when it is not built
 */
export const findBundle = (
  testPlan: string,
  beside: readonly string[],
  { env, cwd, commandFolder }: Surroundings,
): string | null => {
  const named = env.SWARMBRIDGE_BUNDLE;
  if (named !== undefined && named !== "") return isFile(resolve(cwd, named)) ? resolve(cwd, named) : null;
  const users = [testPlan, ...beside.filter((path) => basename(path) === "bridge_process.py")];
  return (
    users
      .map((path) => dirname(path))
      .flatMap((home) => [home, ...(basename(home) === "locustfiles" ? [dirname(home)] : [])])
      .concat(commandFolder, dirname(commandFolder))
      .flatMap((root) => [join(root, "dist", BUNDLE), join(root, BUNDLE)])
      .find(isFile) ?? null
  );
};

/** @returns a source file of the same checkout that was changed after the bundle was built; null elsewhere */
export const newerSource = (bundle: string): string | null => {
  const root = dirname(dirname(bundle));
  if (!isFile(join(root, "bridge", "main.ts"))) return null;
  const builtMs = statSync(bundle).mtimeMs;
  for (const room of SOURCES) {
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: "utf8" })) {
      if (name.endsWith(".ts") && statSync(join(root, room, name)).mtimeMs > builtMs) return `${room}/${name}`;
    }
  }
  return null;
};
