import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";

const MOST_CALLS = 20;
/** Long enough for calls to be there at the same time, however slowly they come. */
const WORK_MS = 250;

/**
 * HTTP/1.1 has a connection for each call that is under way. Counted by calls and not by sockets, so that no connection of
 * another kind, an idle one or one that is closing, takes a place.
 */
export const connectionLimit = (): Fault => {
  let working = 0;
  return {
    about: `takes the connections of ${MOST_CALLS} calls at a time and hangs up on further ones`,
    hangsUpOnCall: () => working >= MOST_CALLS,
    work: async (_tool, query) => {
      working += 1;
      try {
        await wait(WORK_MS);
      } finally {
        working -= 1;
      }
      return query;
    },
  };
};
