/**
 * `loadtest.yaml` as the engines get it, and what it means there: their environment is another one, and all files lie in one
 * folder. `azure` and `failureCriteria` stay here.
 */

import { basename, resolve } from "node:path";
import { Document } from "yaml";
import { authSchema } from "../../auth/auth-schema.ts";
import { aimedAuth, aimedUrl, aimedValue, URL_VARIABLE } from "../../config/aimed-target.ts";
import { check } from "../../config/check.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { Lookup } from "../../config/environment.ts";
import type { Path } from "../../config/fault.ts";
import { onlyServers } from "../../config/file-parts.ts";
import { fileSchema } from "../../config/file-schema.ts";
import { isMap } from "../../config/is-map.ts";
import { expand, hasPlaceholder } from "../../config/placeholder.ts";
import { proxyFor } from "../../config/proxy.ts";
import { serverSettings } from "../../config/server-settings.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { TRAFFIC_PARTS } from "../../traffic/traffic-parts.ts";
import { type Draft, textsIn } from "./draft.ts";

export interface EngineSettings {
  /** The servers as the bridge on an engine knows them. */
  readonly servers: Readonly<Record<string, ServerSettings>>;
  readonly text: string;
  /** Absolute paths of the files that it names, each with the key that names it. */
  readonly files: readonly { readonly key: Path; readonly path: string }[];
}

/** Where a server's memory can be read from elsewhere. Processes, containers and files are those of another machine. */
const REACHED = ["prometheus", "json"];

const forgetLocalMemory = (server: unknown): void => {
  if (!isMap(server) || !isMap(server.memory)) return;
  const { memory } = server;
  if (!REACHED.some((source) => source in memory)) delete (server as Record<string, unknown>).memory;
};

/** @returns null when it has faults on an engine, which are reported */
export const engineSettings = (draft: Draft, lookup: Lookup): EngineSettings | null => {
  const { settings, written, faults } = draft;
  const kept = structuredClone({
    servers: written.servers ?? {},
    ...(written.autoStop != null && { autoStop: written.autoStop }),
    ...(written.load != null && { load: written.load }),
  }) as Record<string, unknown>;
  for (const server of Object.values(kept.servers as object)) forgetLocalMemory(server);
  const files = [...namedFiles(draft), ...trafficFiles(kept, settings.folder)];
  for (const { key, path } of files) replaceAt(kept, key, basename(path));

  const url = urlOnEngine(draft, lookup);
  let isWhole = url !== undefined;
  const aimed = url == null ? kept : (aimedValue(kept, url) as Record<string, unknown>);
  const value = structuredClone(aimed);
  for (const [path, text] of textsIn(aimed, [])) {
    const said = expand(text, lookup, () => {
      isWhole = false;
      faults.report(
        path,
        `needs ${missingName(text, lookup)}, which an engine does not have: give it under azure.env or azure.secrets, or a default here`,
      );
    });
    replaceAt(value, path, said);
  }
  if (!isWhole) return null;
  const isExpanded = (path: readonly (string | number)[]): boolean => {
    const text = path.reduce<unknown>(
      (at, key) => (isMap(at) || Array.isArray(at) ? (at as Record<string, unknown>)[key] : undefined),
      aimed,
    );
    return typeof text === "string" && hasPlaceholder(text);
  };
  const found = check(fileSchema(onlyServers({ auth: authSchema, ...TRAFFIC_PARTS })), {
    value,
    written: aimed,
    isExpanded,
  });
  if ("complaints" in found) {
    for (const { path, sentence } of found.complaints) faults.report(path, `on an engine: ${sentence}`);
    return null;
  }
  const servers = Object.entries(found.entry.servers).map(([name, entry]): [string, ServerSettings] => {
    const server = serverSettings(entry, {
      name,
      folder: settings.folder,
      proxy: proxyFor(entry.url ?? "stdio:", entry.connections.proxy, lookup).url,
    });
    return [name, url == null ? server : { ...server, auth: aimedAuth(server.auth, lookup) }];
  });
  return { servers: Object.fromEntries(servers), text: yamlText(kept), files };
};

/** @returns undefined when what `azure.env` aims at is no URL */
const urlOnEngine = ({ faults }: Draft, lookup: Lookup): string | null | undefined => {
  try {
    return aimedUrl(lookup);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.report(["azure", "env", URL_VARIABLE], error.faults[0]?.replace(/^\w+: /, "") ?? error.message);
    return undefined;
  }
};

/** Their paths as this machine reads them. */
const namedFiles = ({ settings }: Draft): EngineSettings["files"] =>
  Object.values(settings.servers).flatMap(({ name, tls, auth }) => {
    const certificates = Object.entries(tls).map(([key, path]) => ({ key: ["servers", name, "tls", key], path }));
    const csv = isMap(auth.identities) ? auth.identities.csv : undefined;
    return typeof csv === "string"
      ? [...certificates, { key: ["servers", name, "auth", "identities", "csv"], path: csv }]
      : certificates;
  });

/** Data files of `traffic`, as the file names them. */
const trafficFiles = (kept: Readonly<Record<string, unknown>>, folder: string): EngineSettings["files"] =>
  Object.entries(isMap(kept.servers) ? kept.servers : {}).flatMap(([name, entry]) =>
    TRAFFIC_PARTS.dataFiles(isMap(entry) ? entry.traffic : undefined).map(({ path, file }) => ({
      key: ["servers", name, "traffic", ...path],
      path: resolve(folder, file),
    })),
  );

/** The first variable without a default that is not there. */
const missingName = (text: string, lookup: Lookup): string =>
  [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name).find((name) => lookup(name) === undefined) ??
  "a variable";

const replaceAt = (root: unknown, path: readonly (string | number)[], value: string): void => {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);
  if (typeof holder === "object" && holder !== null) (holder as Record<string, unknown>)[String(path.at(-1))] = value;
};

const yamlText = (kept: Readonly<Record<string, unknown>>): string => {
  const document = new Document(kept);
  document.commentBefore =
    " Made by swarmbridge azure yaml: what an engine needs of loadtest.yaml. All files lie beside it.";
  return document.toString({ lineWidth: 0 });
};
