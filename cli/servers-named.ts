import { nearest } from "../config/nearest.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import { ownValue } from "../record/own-value.ts";
import { CommandError } from "./command-error.ts";

/**
 * @param name of one server, or undefined for all of them
 * @throws {CommandError} when there is no server of that name
 */
export const serversNamed = ({ servers, source }: Settings, name: string | undefined): ServerSettings[] => {
  if (name === undefined) return Object.values(servers);
  const server = ownValue(servers, name);
  if (server !== undefined) return [server];
  const names = Object.keys(servers);
  const meant = nearest(name, names);
  const way = meant === null ? `its servers: ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new CommandError(`${source} has no server of that name; ${way}`);
};
