/** What of a plan comes to each server, as far as the file says it. */

import type { LoadPlan, ScenarioPlan } from "./load-plan.ts";
import { peakUsers, userMinutes } from "./stage.ts";

/** What is looked at of a server's settings. */
export interface SharedServer {
  readonly name: string;
  readonly weight: number;
}

export interface ServerShare {
  readonly server: string;
  /** At the highest moment of each of its scenarios. */
  readonly users: number;
  readonly userMinutes: number;
}

/**
 * By weights, as `multi.py` divides users. A scenario of classes says nothing of servers, so its users
 * come on top of what is told here; a locustfile may leave servers out: then the others get more.
 */
export const serverShares = ({ scenarios }: LoadPlan, servers: readonly SharedServer[]): ServerShare[] =>
  servers.flatMap((server) => {
    const parts = scenarios.flatMap((scenario) => {
      const part = partOf(server, scenario, servers);
      return part > 0 ? [{ part, segments: scenario.segments }] : [];
    });
    if (parts.length === 0) return [];
    const users = parts.reduce((sum, { part, segments }) => sum + Math.ceil(part * peakUsers(segments)), 0);
    const minutes = parts.reduce((sum, { part, segments }) => sum + part * userMinutes(segments), 0);
    return [{ server: server.name, users, userMinutes: minutes }];
  });

const partOf = (server: SharedServer, scenario: ScenarioPlan, servers: readonly SharedServer[]): number => {
  if (scenario.classes !== null) return 0;
  const among = scenario.servers === null ? servers : servers.filter(({ name }) => scenario.servers?.includes(name));
  if (!among.includes(server)) return 0;
  const sum = among.reduce((total, { weight }) => total + weight, 0);
  return sum === 0 ? 0 : server.weight / sum;
};
