/**
 * What a queue before some of a server's work leaves alone. A pool holds up those only who want something out of it; a core
 * that is busy holds up everything, and gives the same curve of time by load. Opening a session and listing the tools want
 * nothing of a pool.
 */
import type { LoadBand } from "../record/facts/by-load.ts";
import { RoughTimes } from "../record/rough-times.ts";
import { isWork, type ServerView } from "./server-view.ts";

const CONTROLS = ["initialize", "tools/list"];
const FEWEST = 8;
/** Of what the load adds to the work: real pools showed 0.00 to 0.05, busy cores 0.15 to 0.83. */
const MOST_SHARE = 0.1;

/** Of the highest load with work done: from there on a control was under it as well. One among other sessions that open was not. */
const SHARE_OF_LOAD = 1 / 3;
const FEWEST_WORK = 20;

/**
 * @param moreMs what the load adds to the work
 * @returns true where the same load did not hold up what needs no tool; false as well when too little of it was seen
 */
export const isElseUnhindered = ({ bands }: ServerView, moreMs: number): boolean => {
  const leastLoad = SHARE_OF_LOAD * highestLoad(bands);
  const ok = new RoughTimes();
  for (const operation of CONTROLS) {
    for (const band of bands.get(operation) ?? []) if (loadOf(band) >= leastLoad) ok.add(band.ok);
  }
  return ok.count >= FEWEST && ok.percentileMs(50) <= MOST_SHARE * moreMs;
};

const highestLoad = (bands: ServerView["bands"]): number => {
  const work = [...bands].flatMap(([operation, levels]) => (isWork(operation) ? levels : []));
  return Math.max(0, ...work.filter(({ outcomes }) => (outcomes.ok ?? 0) >= FEWEST_WORK).map(loadOf));
};

const loadOf = ({ underWay, outcomes }: LoadBand): number =>
  underWay /
  Math.max(
    1,
    Object.values(outcomes).reduce((sum, count) => sum + count, 0),
  );
