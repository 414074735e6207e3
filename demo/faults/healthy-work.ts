/** What a call costs where nothing is wrong: some milliseconds, each call its own, however many there are. */

import { setTimeout as wait } from "node:timers/promises";
import { lognormalStream } from "../lognormal.ts";
import { seededRandom } from "../random.ts";
import type { Tool } from "./fault.ts";

const DELAYS = {
  search: lognormalStream({ p50Ms: 8, p90Ms: 14 }, seededRandom(1)),
  "db-query": lognormalStream({ p50Ms: 6, p90Ms: 12 }, seededRandom(2)),
} as const satisfies Record<Tool, () => number>;

export const healthyWork = async (tool: Tool, query: string): Promise<string> => {
  await wait(DELAYS[tool]());
  return query;
};
