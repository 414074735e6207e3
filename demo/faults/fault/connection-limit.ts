import type { Fault } from "../fault.ts";
import { healthyWork } from "../healthy-work.ts";

const MOST_CONNECTIONS = 20;

export const connectionLimit = (): Fault => ({
  about: `takes ${MOST_CONNECTIONS} connections and hangs up on further ones`,
  configure: (http) => {
    http.maxConnections = MOST_CONNECTIONS;
  },
  // Long enough for calls to be there at the same time.
  work: async (tool, query) => {
    for (let statement = 0; statement < 4; statement++) await healthyWork(tool, query);
    return query;
  },
});
