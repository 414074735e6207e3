import { environmentOf, type Lookup } from "../config/environment.ts";
import type { Settings } from "../config/settings.ts";
import { learnSecrets, secretVariables } from "./learn-secrets.ts";
import type { Redactor } from "./redactor.ts";

/**
 * Takes the secrets out of this process's environment and keeps them for those who look them up by name: what a library
 * starts by itself (`az`, `azd`, PowerShell) inherits the environment, and has no business with the secrets of servers.
 */

/** Azure's clients read these in `process.env` themselves; a program needs those to run at all. */
const KEPT = new Set([
  ...["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST", "AZURE_CONFIG_DIR", "AZURE_FEDERATED_TOKEN_FILE"],
  ...["AZURE_CLIENT_CERTIFICATE_PATH", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"],
  ...[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TMPDIR",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
    "APPDATA",
  ],
  ...["LOCALAPPDATA", "PROGRAMDATA", "SYSTEMROOT", "COMSPEC", "PATHEXT"],
]);

/** A shorter value is in many variables that have nothing to do with it. */
const SHORTEST_ALIKE = 6;

/**
 * @param env loses the variables that hold secrets: those that the settings name, and whatever has the value of one that
 *   a header or a URL carries
 * @param redactor learns the secrets
 * @returns the environment and `.env` as they were
 */
export const takeSecrets = (settings: Settings, env: NodeJS.ProcessEnv, redactor: Redactor): Lookup => {
  const lookup = environmentOf(settings, env);
  learnSecrets(settings, lookup, redactor);
  const named = new Set(secretVariables(settings).map(keyOf));
  const carried = new Set(settings.carriedSecrets.filter(({ length }) => length >= SHORTEST_ALIKE));
  const taken = new Map<string, string>();
  for (const [name, value = ""] of Object.entries(env)) {
    const key = keyOf(name);
    if (value === "" || KEPT.has(name.toUpperCase()) || !(named.has(key) || carried.has(value))) continue;
    taken.set(key, value);
    delete env[name];
  }
  return (name) => taken.get(keyOf(name)) ?? lookup(name);
};

/** On Windows names of variables ignore case. */
const keyOf = (name: string): string => (process.platform === "win32" ? name.toUpperCase() : name);
