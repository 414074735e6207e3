import type { Fault } from "../fault.ts";
import { healthyWork } from "../healthy-work.ts";

/** What many a server had in its first version: one variable for all requests, written before a pause and read after it. */
export const mixing = (): Fault => {
  let current = "";
  return {
    about: "keeps the query under way in one variable for all sessions",
    work: async (tool, query) => {
      current = query;
      await healthyWork(tool, query);
      return current;
    },
  };
};
