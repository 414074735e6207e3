/** A search in sentences and one table: what terminal, Markdown and HTML all say. */

import { countText, msText, percentText } from "../../record/duration-text.ts";
import { CARRIES } from "../../record/percentile-text.ts";
import { type Answer, goneAt, keptAbove } from "./answer.ts";
import { type Found, unitText } from "./ceiling-file.ts";
import { CONFIDENCE_PERCENT } from "./confidence.ts";
import { BREACHES } from "./level.ts";

/** The answer, in one sentence. */
export const headline = ({ head, answer }: Found): string => {
  const counted = (count: number): string => unitText(count, head.shape);
  const limit = `p99 ${msText(head.limits.p99Ms)} ms, failures ${head.limits.errorPercent}%`;
  switch (answer.kind) {
    case "ceiling":
      return `ceiling ${answer.sessions}: ${counted(answer.carried)} ${answer.carried === 1 ? "is" : "are"} carried within ${limit}; at ${answer.sessions}, ${BREACHES[answer.breach]}`;
    case "below":
      return `below ${counted(answer.sessions)}: the smallest step already broke ${limit} (${BREACHES[answer.breach]})`;
    case "at-least":
      return `at least ${counted(answer.sessions)} within ${limit}: ${answer.why}`;
    case "unknown":
      return `no answer: ${answer.why}`;
  }
};

/** What else to know, a sentence each. @param expected sessions that the server will have to carry */
export const remarks = (found: Found, expected: number | null): string[] => {
  const { head, answer, regions, levels } = found;
  const lines = sureness(answer);
  const carried = levels.find(({ sessions }) => answer.kind === "ceiling" && sessions === answer.carried);
  if (carried !== undefined) {
    const makes = carried.sessions === 1 ? "makes" : "make";
    lines.push(
      `${unitText(carried.sessions, head.shape)} ${makes} ${carried.callsPerSecond.toFixed(1)} tool calls a second`,
    );
  }
  if (regions.knee !== null) lines.push(`knee at ${regions.knee}: from there p99 grows faster than the load`);
  else if (regions.reached === "flat" && regions.flat !== null) {
    lines.push(`p99 stayed flat from ${regions.flat.join(" to ")}, better than linear`);
  }
  lines.push(...advice(found));
  const above = keptAbove(levels).map(({ sessions }) => sessions);
  if (above.length > 0)
    lines.push(`${above.join(", ")} kept the limits though a lower step did not: repeat with --adaptive`);
  const gone = goneAt(levels);
  if (gone !== null && answer.kind !== "at-least") lines.push(`the server was not there any more at ${gone.sessions}`);
  const known = answer.kind === "ceiling" || answer.kind === "below" ? answer.sessions : null;
  if (expected !== null && known !== null && known <= expected) {
    lines.push(
      `${expected} are expected: before more replicas look for the slow part; one tool five times slower than the others is profiled first, memory that grows is fixed first, a busy CPU wants replicas`,
    );
  }
  return lines;
};

const sureness = (answer: Answer): string[] => {
  if (answer.kind === "unknown") return [];
  if (answer.kind !== "ceiling") return answer.isSure ? [] : ["not sure yet: take longer steps (--for)"];
  const { surelyKept, surelyBroken, isRepeated } = answer;
  const above = surelyKept === 0 ? [] : [`above ${surelyKept}`];
  const upTo = surelyBroken === null ? [] : [`at most ${surelyBroken}`];
  const lines: string[] = [];
  if (above.length + upTo.length > 0) {
    // What one run of each shows is true of these minutes; of the next ones it knows nothing.
    const by = isRepeated ? `with ${CONFIDENCE_PERCENT}% confidence` : "within these steps";
    lines.push(`${by} it lies ${[...above, ...upTo].join(" and ")}`);
  }
  if (above.length === 0 || upTo.length === 0) lines.push("longer or repeated steps (--adaptive) narrow it further");
  else if (!isRepeated) lines.push("repeated steps (--adaptive) say how far that holds");
  return lines;
};

/** Of the carried sessions to the ceiling: when this is the smaller part, nobody knows where it lies. */
const NEAR_SHARE = 0.5;

const advice = ({ answer, trigger }: Found): string[] => {
  const { advised, atKnee, atCeiling, carried } = trigger;
  if (advised === null) return [];
  const rules = [
    ...(atKnee === advised ? ["80% of the knee"] : []),
    ...(atCeiling === advised ? ["75% of the ceiling"] : []),
    ...(carried === advised ? ["no more was carried"] : []),
  ];
  const isFar = answer.kind === "ceiling" && answer.carried < answer.sessions * NEAR_SHARE;
  return [
    ...(isFar ? [`it lies between ${answer.carried} and ${answer.sessions}: narrow it first (--adaptive)`] : []),
    `scale out at ${advised} a replica (${rules.join(", ")})`,
  ];
};

export const TABLE_HEAD = ["sessions", "open", "calls", "failed", "calls/s", "p50 ms", "p99 ms", "region", ""] as const;

/** A row a level. */
export const tableRows = ({ levels, regions }: Found): string[][] =>
  levels.map(({ sessions, runs, opened, calls, failures, callsPerSecond, p50Ms, p99Ms, times, verdict, breach }) => [
    String(sessions),
    String(opened),
    countText(calls),
    percentText(failures, calls),
    callsPerSecond.toFixed(1),
    p50Ms === null ? "-" : msText(p50Ms),
    p99Ms === null ? "-" : `${times.count < CARRIES.p99Ms ? "~" : ""}${msText(p99Ms)}`,
    regions.of.get(sessions) ?? "-",
    `${breach === null ? verdict : `broken: ${breach}`}${runs > 1 ? `, ${runs} runs` : ""}`,
  ]);
