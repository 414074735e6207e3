/** Some calls at a time, and then a queue, or a refusal. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { burstLanes } from "../burst-lanes.ts";
import { isElseUnhindered } from "../control.ts";
import { eachProcess, growthText } from "../evidence.ts";
import { onsetOf } from "../onset.ts";
import { queueingOf } from "../queueing.ts";
import { saidOf } from "../said.ts";
import type { ServerView } from "../server-view.ts";
import { coldStart } from "./cold-start.ts";
import { MOST_AT_ONCE, serialising } from "./serialising.ts";

/** Calls at a time, compared with those under way where it was quiet. */
const LEAST_ROOM = 1.15;

const IS = "(\\s+(is|was|are|has|been|probably|currently|now|already))*\\s+";
/** As databases' drivers say it. A pool alone is not enough: it may be what was asked for, or hold water. */
const WORDS = new RegExp(
  [
    "\\bpool\\b.{0,10}\\bexhausted|\\bexhausted\\b.{0,20}\\bpool",
    `\\b(connections?|clients?|sessions?|workers?|threads?|db|database|queue)[ _-]?pool${IS}(full|empty|depleted|timed out)`,
    "\\b(connection|queue)[ _-]?pool limit\\b.{0,40}\\b(reached|exceeded|timed out)",
    "too many (connections|clients)",
    "\\b(timed? ?out|could not|cannot|can't|failed to|unable to)\\b.{0,20}\\bacquir\\w+ (a |an |new |database |db )*connection\\b",
    "\\bconnections?\\b.{0,20}\\bfrom (the |its |a )?(\\w+ )?pool\\b.{0,20}\\btimed? ?out",
    "\\bno (free|idle|available) (\\w+ )?connections?\\b",
    "\\bno (\\w+ )?connections? (is |are |was |were )?(available|free|left)\\b",
    "\\bconnection is not available\\b|\\bremaining connection slots\\b",
  ].join("|"),
  "i",
);

export const poolExhausted = (server: ServerView): string | null =>
  refusals(server) ?? (coldStart(server) === null ? unavailable(server) : null) ?? waiting(server);

/** One at a time and some at a time cannot both be. */
const waiting = (server: ServerView): string | null =>
  serialising(server) === null ? (ofBursts(server) ?? queue(server)) : null;

const refusals = (server: ServerView): string | null => {
  const said = saidOf(server, WORDS);
  return said === null ? null : `${countText(said.times)} x ${said.operation} failed with words like "pool full"`;
};

const unavailable = ({ bands, processes }: ServerView): string | null => {
  const onset = onsetOf(bands.values(), ["http-503"]);
  if (onset === null) return null;
  const { failures, calls, upTo } = onset;
  return `HTTP 503 to ${countText(failures)} calls, ${percentText(failures, calls)} of those that began with more than ${upTo} under way${eachProcess(processes)}, and to hardly any below`;
};

const ofBursts = (server: ServerView): string | null => {
  const found = burstLanes(server);
  if (found === null || typeof found.fewest !== "number" || typeof found.most !== "number") return null;
  const { fewest, most, calls, bursts, tookMs, workMs } = found;
  if (fewest === 1 || !isElseUnhindered(server, tookMs - workMs)) return null;
  const lanes = fewest === most ? `${most}` : `${fewest} to ${most}`;
  return `of ${calls} calls sent at once about ${lanes} were worked on at a time, ${msText(workMs)} ms each and ${msText(tookMs)} ms in all (${countText(bursts)} bursts)`;
};

const queue = (server: ServerView): string | null => {
  const { grown, flat } = queueingOf(server);
  const [slowest] = grown;
  if (slowest === undefined || flat.length > 0 || slowest.atOnce <= MOST_AT_ONCE) return null;
  // Each process counts its own calls: how many there were in all at a moment nobody knows.
  if (server.processes > 1) return null;
  if (!isElseUnhindered(server, slowest.busyMs - slowest.quietMs)) return null;
  // A queue that was there from the first comparison on may as well be one before a single place.
  if (slowest.atOnce < LEAST_ROOM * slowest.quietLoad) return null;
  return `${growthText(slowest, server)}: as with about ${Math.round(slowest.atOnce)} at a time and a queue before them`;
};
