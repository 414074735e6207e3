/** A record by server, in the order in which a summary shows it. */
import type { OperationRecord, RunFile } from "./run-file.ts";
import { printable } from "./text-table.ts";

export const HANDSHAKES = ["initialize", "server/discover"];
const ENDS = ["session/delete"];

export interface ServerPart {
  readonly name: string;
  /** Without the server's name. */
  readonly operations: readonly (readonly [string, OperationRecord])[];
}

export const byServer = (file: RunFile): ServerPart[] => {
  const servers = new Map<string, [string, OperationRecord][]>();
  // A server whose credential was never had may have nothing else, nor one whose planned starts found no user.
  for (const name of Object.keys({ ...file.auth, ...file.arrivals })) servers.set(serverOf(name), []);
  for (const [name, operation] of Object.entries(file.operations)) {
    const server = serverOf(name);
    const rest = printable(shortName(name.slice(name.indexOf(":") + 1)));
    servers.set(server, [...(servers.get(server) ?? []), [rest, operation]]);
  }
  return [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, operations]) => ({ name, operations: operations.sort(byRank) }));
};

/** Empty for a name that has none. */
export const serverOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(":")));

/** The same for who asks of the same names again and again: the rows of an hour have hundreds of thousands. */
export const serverNames = (): ((name: string) => string) => {
  const known = new Map<string, string>();
  return (name) => {
    let server = known.get(name);
    if (server === undefined) {
      server = serverOf(name);
      known.set(name, server);
    }
    return server;
  };
};

/** Of a tool call the tool: what most rows are, and where the width is scarce. */
const shortName = (rest: string): string => rest.replace(/^tools\/call:(?=.)/, "");

/** A session's life: handshake, calls by how often, end. */
const byRank = (
  [a, left]: readonly [string, OperationRecord],
  [b, right]: readonly [string, OperationRecord],
): number => rankOf(a) - rankOf(b) || right.count - left.count || (a < b ? -1 : 1);

const rankOf = (name: string): number => (HANDSHAKES.includes(name) ? 0 : ENDS.includes(name) ? 2 : 1);
