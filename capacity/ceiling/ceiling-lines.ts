/** A search in sentences and one table: what terminal, Markdown and HTML all say. */

import { countText, msText, percentText } from "../../record/duration-text.ts";
import { CARRIES } from "../../record/percentile-text.ts";
import { keptAbove } from "./answer.ts";
import { type Found, UNITS } from "./ceiling-file.ts";
import { BREACHES } from "./level.ts";
import { CONFIDENCE_PERCENT } from "./student-t.ts";

/** The answer, in one sentence. */
export const headline = ({ head, answer }: Found): string => {
  const unit = UNITS[head.shape];
  const limit = `p99 ${msText(head.limits.p99Ms)} ms, failures ${head.limits.errorPercent}%`;
  switch (answer.kind) {
    case "ceiling":
      return `ceiling ${answer.sessions}: ${answer.carried} ${unit} are carried within ${limit}; at ${answer.sessions}, ${BREACHES[answer.breach]}`;
    case "below":
      return `below ${answer.sessions} ${unit}: the first step already broke ${limit} (${BREACHES[answer.breach]})`;
    case "at-least":
      return `at least ${answer.sessions} ${unit} within ${limit}: ${answer.why}`;
    case "unknown":
      return `no answer: ${answer.why}`;
  }
};

/** What else to know, a sentence each. @param expected sessions that the server will have to carry */
export const remarks = (found: Found, expected: number | null): string[] => {
  const { head, answer, regions, trigger, levels } = found;
  const unit = UNITS[head.shape];
  const lines: string[] = [];
  if (answer.kind === "ceiling") {
    const above = answer.surelyKept === 0 ? "" : ` above ${answer.surelyKept}`;
    const upTo = answer.surelyBroken === null ? "" : ` at most ${answer.surelyBroken}`;
    if (above !== "" || upTo !== "") {
      const both = [above, upTo].filter((each) => each !== "").join(" and");
      lines.push(`with ${CONFIDENCE_PERCENT}% confidence it lies${both}`);
    }
    if (above === "" || upTo === "") lines.push("longer or repeated steps (--adaptive) narrow it further");
  } else if (answer.kind !== "unknown" && !answer.isSure)
    lines.push("too few calls to be sure: take longer steps (--for)");
  const carried = levels.find(({ sessions }) => answer.kind === "ceiling" && sessions === answer.carried);
  if (carried !== undefined)
    lines.push(`${carried.sessions} ${unit} make ${carried.callsPerSecond.toFixed(1)} tool calls a second`);
  if (regions.knee !== null) lines.push(`knee at ${regions.knee}: from there p99 grows faster than the load`);
  else if (regions.reached === "flat") lines.push("p99 stayed flat, better than linear");
  if (trigger.advised !== null) {
    const rules = [
      trigger.atKnee === null ? "" : `${trigger.atKnee} by the knee`,
      trigger.atCeiling === null ? "" : `${trigger.atCeiling} by 75% of the ceiling`,
    ].filter((each) => each !== "");
    lines.push(`scale out at ${trigger.advised} a replica (${rules.join(", ")})`);
  }
  const above = keptAbove(levels).map(({ sessions }) => sessions);
  if (above.length > 0)
    lines.push(`${above.join(", ")} kept the limits though a lower step did not: repeat with --adaptive`);
  const known = answer.kind === "ceiling" || answer.kind === "below" ? answer.sessions : null;
  if (expected !== null && known !== null && known <= expected) {
    lines.push(
      `${expected} are expected: before more replicas look for the slow part; one tool five times slower than the others is profiled first, memory that grows is fixed first, a busy CPU wants replicas`,
    );
  }
  return lines;
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
