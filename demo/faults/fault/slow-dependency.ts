import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";

/** Alone; with ten callers each waits ten times as long. */
const ALONE_MS = 40;
const SEARCH_MS = 40;

export const slowDependency = (): Fault => {
  let callers = 0;
  return {
    about: "db-query asks something that gets slower with each further caller; search does not",
    work: async (tool, query) => {
      if (tool !== "db-query") return await wait(SEARCH_MS, query);
      callers += 1;
      await wait(ALONE_MS * callers);
      callers -= 1;
      return query;
    },
  };
};
