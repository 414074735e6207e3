import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";

const MOST_CONNECTIONS = 20;
/** Long enough for calls to be there at the same time, however slowly they come. */
const WORK_MS = 250;

export const connectionLimit = (): Fault => ({
  about: `takes ${MOST_CONNECTIONS} connections and hangs up on further ones`,
  configure: (http) => {
    http.maxConnections = MOST_CONNECTIONS;
    // No idle ones: then the limit is one of requests under way, which is what clients count.
    http.maxRequestsPerSocket = 1;
  },
  work: async (_tool, query) => {
    await wait(WORK_MS);
    return query;
  },
});
