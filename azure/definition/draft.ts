/** What the checks of a definition share: the file as it was read and as it is written, and where they report. */

import { URL_VARIABLE } from "../../config/aimed-target.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { Path } from "../../config/fault.ts";
import { isMap } from "../../config/is-map.ts";
import type { LoadedFile, Settings } from "../../config/settings.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { FaultList } from "./fault-list.ts";

export interface Draft {
  readonly azure: AzureSettings;
  readonly settings: Settings;
  /** `loadtest.yaml` as it stands, before `${NAME}` was replaced. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Folder that the command was started in. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the running command. */
  readonly commandFolder: string;
  readonly faults: FaultList;
  readonly warn: (sentence: string) => void;
}

/**
 * @throws {ConfigError} CONFIG_INVALID when this machine's environment aims at one server
 */
export const openDraft = (
  file: LoadedFile<unknown, AzureSettings>,
  { cwd, env, commandFolder }: Pick<Draft, "cwd" | "env" | "commandFolder">,
  warn: Draft["warn"],
): Draft => {
  const { settings, azure } = file;
  return {
    azure,
    settings,
    written: writtenIn(file),
    cwd,
    env,
    commandFolder,
    faults: new FaultList(file),
    warn,
  };
};

/** Of a file that was loaded; an aim has none. */
const writtenIn = ({ settings, written }: LoadedFile<unknown, AzureSettings>): Record<string, unknown> => {
  if (settings.isAimed) {
    throw new ConfigError("CONFIG_INVALID", [
      `${URL_VARIABLE} is set here, and an engine would not have it: unset it, or set it under azure.env`,
    ]);
  }
  return isMap(written) ? written : {};
};

/** Each text in a value, with its path. */
export const textsIn = (value: unknown, path: Path): (readonly [Path, string])[] => {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};
