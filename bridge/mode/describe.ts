import { load } from "./make-bridge.ts";

/**
 * Prints the settings that `hello` would hand out as one line of JSON: a Locust master runs no bridge, but its
 * dispatcher needs the weights.
 * @throws {ConfigError}
 */
export const describeToStdout = (project: string): number => {
  process.stdout.write(`${JSON.stringify(load(project).described)}\n`);
  return 0;
};
