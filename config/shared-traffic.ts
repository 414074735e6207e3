/** `trafficOf`: servers that share the traffic and the users of another one, for a comparison in one run (docs/compare.md). */
import type { Path } from "./fault.ts";
import type { ServerSettings } from "./settings.ts";

type Servers = Readonly<Record<string, ServerSettings>>;

/** What is wrong with `trafficOf`, of all servers. */
export const sharedTrafficFaults = (servers: Servers): { path: Path; sentence: string }[] =>
  Object.values(servers).flatMap(({ name, trafficOf, traffic }) => {
    if (trafficOf === undefined) return [];
    const of = Object.hasOwn(servers, trafficOf) ? servers[trafficOf] : undefined;
    const path: Path = ["servers", name, "trafficOf"];
    if (of === undefined) return [{ path, sentence: `names ${trafficOf}, which is no server of this file` }];
    if (of === servers[name])
      return [{ path, sentence: "names its own server: name the one that it is compared with" }];
    if (of.trafficOf !== undefined)
      return [{ path, sentence: `names ${trafficOf}, which has no traffic of its own: name ${of.trafficOf}` }];
    if (traffic !== undefined)
      return [
        {
          path: ["servers", name, "traffic"],
          sentence: `is that of ${trafficOf} (trafficOf): take one of the two out`,
        },
      ];
    return [];
  });

/** Each group has the traffic of its first, and shares its weight in equal parts. @param servers without faults */
export const withSharedTraffic = (servers: Servers): Record<string, ServerSettings> => {
  const shared: Record<string, ServerSettings> = Object.create(null);
  for (const server of Object.values(servers)) {
    const first = servers[server.trafficOf ?? server.name] ?? server;
    const size = Object.values(servers).filter((each) => (each.trafficOf ?? each.name) === first.name).length;
    shared[server.name] = size === 1 ? server : { ...server, traffic: first.traffic, weight: first.weight / size };
  }
  return shared;
};
