/**
 * `loadtest.yaml` and the environment in, checked settings out. The only door to the configuration; it holds no
 * secret of `auth`, only their names.
 */

import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { aimedAuth, aimedUrl, aimedValue, URL_VARIABLE } from "./aimed-target.ts";
import { check } from "./check.ts";
import { ConfigError } from "./config-error.ts";
import { errorCode, type Lookup, openEnvironment } from "./environment.ts";
import { type Fault, faultLines, type Path } from "./fault.ts";
import { type FileParts, isRead, OTHERS_PARTS, onlyServers, type RunParts } from "./file-parts.ts";
import { fileSchema } from "./file-schema.ts";
import { FILE_NAME, findFile, isFile, type Place, shownPath } from "./find-file.ts";
import { expand, hasPlaceholder, placeholderNames } from "./placeholder.ts";
import { plainHttpFault } from "./plain-http.ts";
import { credentialsOf, proxyFor } from "./proxy.ts";
import { serverSettings } from "./server-settings.ts";
import type { LoadedFile, ServerSettings, Settings } from "./settings.ts";
import { sharedTrafficFaults, withSharedTraffic } from "./shared-traffic.ts";
import { hasOwnContext, telemetrySettings } from "./telemetry-settings.ts";
import { writtenSecret } from "./written-secret.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

/** Also bounds what the YAML parser is given. */
const LARGEST_BYTES = 1024 * 1024;

/** What a run needs of the file. @throws {ConfigError} as `loadFile` */
export const loadSettings = (place: Place, parts: RunParts): Settings => loadFile(place, onlyServers(parts)).settings;

/**
 * @throws {ConfigError} CONFIG_MISSING, CONFIG_UNREADABLE, CONFIG_TOO_LARGE; CONFIG_INVALID with all the faults of
 * the file at once
 */
export const loadFile = <Criteria, Azure>(
  place: Place,
  parts: FileParts<Criteria, Azure>,
): LoadedFile<Criteria, Azure> => {
  const file = findFile(place);
  const folder = file === null ? resolve(place.cwd) : dirname(file);
  const envFiles = [...new Set([join(folder, ".env"), resolve(place.cwd, ".env")])];
  const lookup = openEnvironment(place.env, envFiles);
  const url = aimedUrl(lookup);
  const source = file === null ? URL_VARIABLE : shownPath(file, place.cwd);
  const yaml = file === null ? readNothing(url) : readFile(file, source);
  const carriedSecrets: string[] = [];
  const { servers, telemetry, telemetryNote, entry } = checked({
    yaml,
    url,
    source,
    folder,
    lookup,
    parts,
    carriedSecrets,
  });
  const isAimed = url !== null;
  const { load, autoStop, failureCriteria, azure } = entry;
  const settings: Settings = {
    source: isAimed ? URL_VARIABLE : source,
    isAimed,
    envFiles,
    folder,
    servers,
    ...(load !== undefined && { load }),
    autoStop,
    ...(telemetry !== null && { telemetry }),
    ...(telemetryNote !== null && { telemetryNote }),
    carriedSecrets,
  };
  return { settings, failureCriteria, azure, written: yaml.value, placeOf: yaml.placeOf };
};

/** Without a file there must be an aim. */
const readNothing = (url: string | null): YamlSource => {
  if (url !== null) return { value: null, placeOf: () => ({ line: 1, column: 1 }) };
  throw new ConfigError("CONFIG_MISSING", [
    `there is no ${FILE_NAME} in this folder or beside the locustfile: write one, name one with SWARMBRIDGE_CONFIG, or set ${URL_VARIABLE} to test one server`,
  ]);
};

const readFile = (path: string, source: string): YamlSource => {
  let text: string;
  try {
    if (statSync(path).size > LARGEST_BYTES)
      throw new ConfigError("CONFIG_TOO_LARGE", [`${source}: is larger than 1 MiB`]);
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError("CONFIG_UNREADABLE", [`${source}: cannot be read (${errorCode(cause)})`], { cause });
  }
  const yaml = readYaml(text);
  if ("faults" in yaml) throw new ConfigError("CONFIG_INVALID", faultLines(source, yaml.faults));
  return yaml;
};

interface Reading<Criteria, Azure> {
  readonly yaml: YamlSource;
  readonly url: string | null;
  readonly source: string;
  readonly folder: string;
  readonly lookup: Lookup;
  readonly parts: FileParts<Criteria, Azure>;
  /** Takes the values of variables that go to a server as they are. */
  readonly carriedSecrets: string[];
}

const checked = <Criteria, Azure>({
  yaml,
  url,
  source,
  folder,
  lookup,
  parts,
  carriedSecrets,
}: Reading<Criteria, Azure>) => {
  const faults: Fault[] = [];
  const report = (path: Path, sentence: string): void => {
    // One fault a key: after "the variable is not set" a "must be a URL" would only confuse.
    if (!faults.some((fault) => isSame(fault.path, path))) faults.push({ ...yaml.placeOf(path), path, sentence });
  };

  const written = withoutUnread(url === null ? yaml.value : aimedValue(yaml.value, url), parts);
  const value = mapTexts(written, [], (text, path) => {
    // The aim is not the file's: neither a placeholder nor a secret in plain sight.
    if (url !== null && path.at(-1) === "url") return text;
    const secret = writtenSecret(path, text);
    if (secret !== null) report(path, secret);
    for (const name of carriedNames(path, text)) carriedSecrets.push(lookup(name) ?? "");
    return expand(text, lookup, (fault) => report(path, fault));
  });
  const isExpanded = (path: Path): boolean => {
    const text = valueAt(written, path);
    return typeof text === "string" && hasPlaceholder(text);
  };

  const found = check(fileSchema(parts), { value, written, isExpanded });
  if ("complaints" in found) for (const { path, sentence } of found.complaints) report(path, sentence);

  // No prototype: a locustfile's `server = "constructor"` is simply not there.
  const servers: Record<string, ServerSettings> = Object.create(null);
  for (const [name, entry] of "entry" in found ? Object.entries(found.entry.servers) : []) {
    const proxy = proxyFor(entry.url ?? "stdio:", entry.connections.proxy, lookup);
    if (proxy.fault !== undefined) report(["servers", name, "connections", "proxy"], proxy.fault);
    carriedSecrets.push(...credentialsOf(proxy.url));
    const server = serverSettings(entry, { name, folder, proxy: proxy.url });
    for (const [key, path] of Object.entries(server.tls)) {
      if (!isFile(path)) report(["servers", name, "tls", key], "names a file that is not there");
    }
    for (const { path, file } of parts.dataFiles(valueAt(value, ["servers", name, "traffic"]))) {
      if (!isFile(resolve(folder, file)))
        report(["servers", name, "traffic", ...path], "names a file that is not there");
    }
    const final = url === null ? server : { ...server, auth: aimedAuth(server.auth, lookup) };
    const plain = plainHttpFault(final, url !== null);
    // An aim without a file has no line to point at.
    if (plain !== null && url !== null) throw new ConfigError("CONFIG_INVALID", [plain.sentence]);
    if (plain !== null) report(plain.path, plain.sentence);
    servers[name] = final;
  }
  for (const { path, sentence } of sharedTrafficFaults(servers)) report(path, sentence);
  const ofFile = "entry" in found ? found.entry.telemetry : undefined;
  const { telemetry, secrets, fault, note } = telemetrySettings(ofFile, lookup);
  carriedSecrets.push(...secrets);
  if (fault !== null) report(fault.path, fault.sentence);
  for (const [name, server] of Object.entries(servers)) {
    if (hasOwnContext(telemetry, server)) report(["servers", name, "headers"], OWN_CONTEXT);
  }
  if (faults.length > 0 || !("entry" in found)) throw new ConfigError("CONFIG_INVALID", faultLines(source, faults));
  return { servers: withSharedTraffic(servers), telemetry, telemetryNote: note, entry: found.entry };
};

const OWN_CONTEXT = "sets traceparent, which telemetry.traceContext sends already: use one of the two";

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);

const withoutUnread = (written: unknown, parts: FileParts<unknown, unknown>): unknown => {
  const unread: readonly string[] = OTHERS_PARTS.filter((key) => !isRead(parts[key]));
  if (unread.length === 0 || typeof written !== "object" || written === null || Array.isArray(written)) return written;
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(written).filter(([key]) => !unread.includes(key))),
  );
};

/** Variables in a header, in a process's environment, or in a URL behind its `?`: what stands before is a place, and is told. */
const carriedNames = (path: Path, text: string): readonly string[] => {
  if (path.length === 4 && path[2] === "headers") return placeholderNames(text);
  if (path.length === 3 && path[0] === "telemetry" && path[1] === "headers") return placeholderNames(text);
  if (path.length === 5 && path[2] === "stdio" && path[3] === "env") return placeholderNames(text);
  const isUrl = (path.length === 3 && path[2] === "url") || (path.length === 4 && path[2] === "memory");
  return isUrl && text.includes("?") ? placeholderNames(text.slice(text.indexOf("?"))) : [];
};

/** The same values with each text replaced. */
const mapTexts = (value: unknown, path: Path, replace: (text: string, path: Path) => string): unknown => {
  if (typeof value === "string") return replace(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, [...path, index], replace));
  if (typeof value !== "object" || value === null) return value;
  const mapped: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) mapped[key] = mapTexts(item, [...path, key], replace);
  return mapped;
};

const isSame = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((key, index) => String(key) === String(b[index]));
