/** Connections are refused or cut from a certain load on, while others are served. */
import { countText, percentText } from "../../record/duration-text.ts";
import { eachProcess } from "../evidence.ts";
import { onsetOf } from "../onset.ts";
import type { ServerView } from "../server-view.ts";
import { coldStart } from "./cold-start.ts";

/** A server that died fails everybody, in one second or two, and serves nobody meanwhile. */
const FEWEST_SECONDS = 2;

export const connectionLimit = (server: ServerView): string | null => {
  const onset = onsetOf(server.bands.values(), ["connect", "disconnected"]);
  const mixed = server.seconds.filter(({ ok, failures }) => ok > 0 && failures > 0).length;
  if (onset === null || mixed < FEWEST_SECONDS || coldStart(server) !== null) return null;
  const { failures, calls, upTo } = onset;
  return `${countText(failures)} connections refused or cut, to ${percentText(failures, calls)} of what began with more than ${upTo} under way${eachProcess(server.processes)}, and to hardly anything below`;
};
