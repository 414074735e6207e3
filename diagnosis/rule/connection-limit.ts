/** Connections are refused or cut from a certain load on, while others are served. */
import { countText, percentText } from "../../record/duration-text.ts";
import { eachProcess } from "../evidence.ts";
import { onsetOf } from "../onset.ts";
import type { ServerView } from "../server-view.ts";
import { coldStart } from "./cold-start.ts";

/**
 * Seconds with failures that had answers beside them, in themselves or in a neighbour: users that call in one moment get their
 * refusals at once and their answers a second later. A server that died has two at most, the first and the last.
 */
const FEWEST_SECONDS = 3;

export const connectionLimit = (server: ServerView): string | null => {
  const onset = onsetOf(server.bands.values(), ["connect", "disconnected"]);
  const answered = new Set(server.seconds.filter(({ ok }) => ok > 0).map(({ second }) => second));
  const mixed = server.seconds.filter(
    ({ second, failures }) => failures > 0 && [second - 1, second, second + 1].some((each) => answered.has(each)),
  ).length;
  if (onset === null || mixed < FEWEST_SECONDS || coldStart(server) !== null) return null;
  const { failures, calls, upTo } = onset;
  return `${countText(failures)} connections refused or cut, to ${percentText(failures, calls)} of what began with more than ${upTo} under way${eachProcess(server.processes)}, and to hardly anything below`;
};
