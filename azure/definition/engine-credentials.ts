/** Whether a server's credential can be had on an engine: it has no files of this machine, no login, and no browser. */

import { missingCredential } from "../../auth/missing-credential.ts";
import type { World } from "../../auth/world.ts";
import type { Lookup } from "../../config/environment.ts";
import type { Path } from "../../config/fault.ts";
import { isMap } from "../../config/is-map.ts";
import type { ServerSettings } from "../../config/settings.ts";
import type { Draft } from "./draft.ts";

const IN_VAULT = "put it into Key Vault, name it under azure.secrets, and write auth: { strategy: bearer, env: NAME }";
const WITH_IDENTITY =
  "give the engines one, azure: { identities: { engine: system } }, and write credential: { use: managed-identity }";

/** What the settings name, as far as an engine has it. */
export interface EngineReach {
  readonly lookup: Lookup;
  readonly readFile: World["readFile"];
}

/** What an engine's image has by itself. */
const PROGRAMS_THERE = new Set(["python", "python3", "sh", "bash"]);

/** Of what `@azure/identity` tries, what can work there, and what it takes. */
const ON_ENGINE: Readonly<Record<string, (draft: Draft, lookup: Lookup) => boolean>> = {
  "managed-identity": ({ azure }) => azure.identities.engine !== undefined,
  environment: (_draft, lookup) =>
    ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"].every((name) => lookup(name) !== undefined),
};

/**
 * Reports what cannot work.
 * @param server as it is on an engine
 * @param readFile finds there what is still here
 * @returns the variable that is missing on an engine, for which the server would be left out
 */
export const checkCredential = (
  draft: Draft,
  server: ServerSettings,
  { lookup, readFile }: EngineReach,
): string | null => {
  const path: Path = ["servers", server.name, "auth"];
  const { auth } = server;
  const key = keyNamed("file", auth, path);
  if (key !== null) {
    draft.faults.report(key, `names a file of this machine, which does not go to an engine: ${IN_VAULT}`);
    return null;
  }
  const csv = isMap(auth.identities) ? auth.identities.csv : undefined;
  if (typeof csv === "string" && columnsOf(csv, readFile).some((name) => /(?:^|\.)file$/.test(name))) {
    draft.faults.report(
      [...path, "identities", "csv"],
      "names files of this machine, which do not go to an engine: name variables there (env), from azure.secrets",
    );
    return null;
  }
  if (auth.strategy === "command") {
    checkProgram(draft, auth.run, path);
    return null;
  }
  for (const [at, credential] of credentialsIn(auth, path)) checkLogin(draft, credential, at, lookup);
  const missing = missingCredential(server, draft.settings, lookup, readFile);
  if (missing === null && auth.optional === true && typeof auth.env === "string" && lookup(auth.env) === undefined) {
    draft.warn(
      `${server.name} is tested without a credential: ${auth.env} is neither in azure.secrets nor in azure.env.`,
    );
  }
  return missing;
};

/** Whether the list is there and well-formed is said elsewhere. */
const columnsOf = (csv: string, readFile: EngineReach["readFile"]): string[] => {
  try {
    const [head = ""] = readFile(csv).split("\n");
    return head.split(",").map((name) => name.trim().replaceAll('"', ""));
  } catch {
    return []; // not readable: it is among the files to upload, and told there
  }
};

const checkProgram = (draft: Draft, run: unknown, path: Path): void => {
  const program = Array.isArray(run) ? String(run[0]) : "";
  if (PROGRAMS_THERE.has(program)) {
    draft.warn(
      `${path[1]}: its token comes from a program that ${program} runs; name all its files under azure.configurationFiles.`,
    );
  } else {
    draft.faults.report(
      [...path, "run"],
      `runs ${program}, a program of this machine that an engine does not have: ${IN_VAULT}`,
    );
  }
};

const checkLogin = (draft: Draft, credential: Readonly<Record<string, unknown>>, path: Path, lookup: Lookup): void => {
  const uses = [credential.use].flat().map(String);
  const tried = uses.includes("auto") ? Object.keys(ON_ENGINE) : uses;
  if (tried.some((use) => ON_ENGINE[use]?.(draft, lookup) ?? false)) {
    const { engine } = draft.azure.identities;
    if (Array.isArray(engine) && engine.length > 1 && credential.clientId === undefined) {
      draft.warn(
        `${path[1]}: the engines have ${engine.length} identities, and credential says no clientId: say whose token it is.`,
      );
    }
    return;
  }
  const cannot = tried.filter((use) => !Object.hasOwn(ON_ENGINE, use));
  const why =
    cannot.length === tried.length
      ? `uses ${cannot.join(", ")}, and there is none on an engine`
      : "finds no identity on an engine";
  draft.faults.report(path, `${why}: ${WITH_IDENTITY}`);
};

/** Credentials of Azure that the strategy will use; where a secret is in a variable the default one only stands there. */
const credentialsIn = (value: unknown, path: Path): (readonly [Path, Record<string, unknown>])[] => {
  if (!isMap(value)) return [];
  const isUsed = value.vault !== undefined || value.strategy === "entra";
  return Object.entries(value).flatMap(([key, item]) => {
    if (key !== "credential") return credentialsIn(item, [...path, key]);
    return isUsed && isMap(item) ? [[[...path, key], item] as const] : [];
  });
};

const keyNamed = (name: string, value: unknown, path: Path): Path | null => {
  if (!isMap(value)) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = key === name && typeof item === "string" ? [...path, key] : keyNamed(name, item, [...path, key]);
    if (found !== null) return found;
  }
  return null;
};
