/** What may be told about the settings: to Python, and in the run record. Neither holds a secret or a URL's query. */

import type { AutoStop } from "./auto-stop-schema.ts";
import { shownProxy } from "./proxy.ts";
import type { ConnectionSettings, LoadSettings, ServerSettings, Settings, TrafficSettings } from "./settings.ts";
import { targetClass } from "./target-class.ts";

/** The `settings` of the link's `hello` (docs/link-protocol.md). */
export interface HelloSettings {
  readonly source: string;
  readonly isAimed: boolean;
  /** Absolute: data files of `traffic` are named relative to it. */
  readonly folder: string;
  readonly autoStop: AutoStop;
  readonly servers: Readonly<
    Record<
      string,
      {
        readonly url: string;
        readonly weight: number;
        readonly missing: string | null;
        readonly traffic: TrafficSettings | null;
        /** Its users are those of that server, too. */
        readonly trafficOf: string | null;
        readonly isProxied: boolean;
        readonly family: ConnectionSettings["family"];
      }
    >
  >;
  readonly load: LoadSettings | null;
}

/**
 * @param missing says which variable or file a server's credential lacks, or null (auth's `missingCredential`)
 * @param load the run's load, expanded (traffic's `toldLoad`)
 */
export const describe = (
  settings: Settings,
  missing: (server: ServerSettings) => string | null,
  load: LoadSettings | null = null,
): HelloSettings => ({
  source: settings.source,
  isAimed: settings.isAimed,
  folder: settings.folder,
  autoStop: settings.autoStop,
  load,
  servers: eachServer(settings, (server) => ({
    url: urlWithoutQuery(server.url),
    weight: server.weight,
    missing: missing(server),
    traffic: server.traffic ?? null,
    trafficOf: server.trafficOf ?? null,
    isProxied: server.connections.proxy !== null,
    family: server.connections.family,
  })),
});

/**
 * The servers as the run record keeps them. Of headers only the names: a value may be a secret whatever its name.
 * A credential shows as the name of its variable or file; of scripted answers only which ones there are; of traffic
 * nothing, since its arguments may hold what came from the environment.
 */
export const describeServers = (settings: Settings): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  eachServer(
    settings,
    ({ name: _name, traffic: _traffic, url, headers, answers, tls, stdio, connections, memory, ...plain }) => ({
      ...plain,
      url: urlWithoutQuery(url),
      targetClass: targetClass(url),
      // Over the SDK's own transports a message is sent when the SDK takes it, and there when the SDK hands it over.
      timing: plain.transport === "streamable-http" ? "exact" : "coarse",
      connections: { ...connections, proxy: connections.proxy && shownProxy(connections.proxy) },
      ...(stdio !== null && { stdio: { ...stdio, env: Object.keys(stdio.env).sort() } }),
      headers: Object.keys(headers).sort(),
      tls: Object.keys(tls).sort(),
      memory: memory && { from: memory.source.kind, everyMs: memory.everyMs, forcesGc: memory.gcUrl !== null },
      answers: {
        roots: answers.roots.length,
        sampling: answers.sampling !== null,
        elicitation: answers.elicitation !== null,
      },
    }),
  );

/** For messages, names and reports: the query may hold a key. */
export const urlWithoutQuery = (url: string): string => {
  const { origin, pathname, href } = new URL(url);
  // A process has no origin.
  return origin === "null" ? href : origin + pathname;
};

const eachServer = <T>(settings: Settings, view: (server: ServerSettings) => T): Record<string, T> =>
  Object.fromEntries(Object.values(settings.servers).map((server) => [server.name, view(server)]));
