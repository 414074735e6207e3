/**
 * Where a `${NAME}` and a named secret come from: the real environment first, then the `.env` files. Hands out
 * one value at a time and never a list of them.
 */

import { readFileSync, statSync } from "node:fs";
import { parseEnv } from "node:util";
import { ConfigError } from "./config-error.ts";
import type { Settings } from "./settings.ts";

/** @returns the variable's value; undefined when it is not set or empty (an empty one is a forgotten one) */
export type Lookup = (name: string) => string | undefined;

/** A `.env` holds a few names; a larger file is something else. */
const LARGEST_BYTES = 1024 * 1024;

/** The same variables that the settings were read with. For `auth/`, which finds its secrets by name here. */
export const environmentOf = (settings: Settings, env: NodeJS.ProcessEnv): Lookup =>
  openEnvironment(env, settings.envFiles);

/**
 * @param files `.env` files, the strongest first; one that does not exist is skipped
 * @throws {ConfigError} CONFIG_UNREADABLE, CONFIG_TOO_LARGE
 */
export const openEnvironment = (env: NodeJS.ProcessEnv, files: readonly string[]): Lookup => {
  const sources = [env, ...files.map(readEnvFile)];
  return (name) => {
    for (const source of sources) {
      // `process.env` is asked itself, not copied: on Windows its names ignore case.
      const value: unknown = source[name];
      if (typeof value === "string" && value !== "") return value;
    }
    return undefined;
  };
};

const readEnvFile = (path: string): NodeJS.Dict<string> => {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return {};
  if (size > LARGEST_BYTES) throw new ConfigError("CONFIG_TOO_LARGE", [`${path}: is larger than 1 MiB`]);
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError("CONFIG_UNREADABLE", [`${path}: cannot be read (${errorCode(cause)})`], { cause });
  }
};

/** The system's code of a failed file operation, `EACCES` and so on. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
