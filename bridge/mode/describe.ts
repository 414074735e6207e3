import type { TypedLoad } from "../../traffic/shape/load-plan.ts";
import type { Redactor } from "../redactor.ts";
import { load } from "./make-bridge.ts";

/**
 * Prints the settings that `hello` would hand out as one line of JSON: a Locust master runs no bridge, but its
 * dispatcher needs the weights.
 * @throws {ConfigError}
 */
export const describeToStdout = (project: string, typed: TypedLoad, redactor: Redactor): number => {
  process.stdout.write(`${JSON.stringify(redactor.cleanValue(load(project, redactor, typed).described))}\n`);
  return 0;
};
