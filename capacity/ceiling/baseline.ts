/** Whether a ceiling has fallen since a baseline: only where the two can be told apart. */

import type { Answer } from "./answer.ts";
import { type Found, UNITS, unitText } from "./ceiling-file.ts";

export interface Comparison {
  readonly verdict: "held" | "fallen" | "not-judged";
  readonly why: string;
}

export const compareWith = (before: Found, now: Found): Comparison => {
  const different = differenceOf(before, now);
  if (different !== null) return { verdict: "not-judged", why: `the baseline is of ${different}` };
  const [then, today] = [boundsOf(before.answer), boundsOf(now.answer)];
  if (then === null) return { verdict: "not-judged", why: "the baseline has no answer" };
  if (today === null) return { verdict: "not-judged", why: "this search has no answer" };
  const counted = (count: number): string => unitText(count, now.head.shape);
  if (today.brokenAt === null) {
    return today.carried >= then.carried
      ? { verdict: "held", why: `carried now: ${counted(today.carried)}, then ${then.carried}` }
      : {
          verdict: "not-judged",
          why: `tried were only ${counted(today.carried)}, and carried before ${then.carried}`,
        };
  }
  if (today.surelyBroken !== null && today.surelyBroken <= then.surelyKept) {
    return {
      verdict: "fallen",
      why: `the limit surely breaks at ${counted(today.surelyBroken)}, and was surely kept at ${then.surelyKept}`,
    };
  }
  if (today.brokenAt < then.carried) {
    return {
      verdict: "fallen",
      why: `the limit breaks at ${counted(today.brokenAt)}, and was kept at ${then.carried}: more than one step`,
    };
  }
  const isLower = today.brokenAt <= then.carried;
  return { verdict: "held", why: isLower ? "lower by one step, which these two cannot tell from chance" : "not lower" };
};

interface Bounds {
  readonly carried: number;
  readonly brokenAt: number | null;
  readonly surelyKept: number;
  readonly surelyBroken: number | null;
}

const boundsOf = (answer: Answer): Bounds | null => {
  if (answer.kind === "unknown") return null;
  const { sessions } = answer;
  if (answer.kind === "ceiling") return { ...answer, brokenAt: sessions };
  if (answer.kind === "at-least") {
    return { carried: sessions, brokenAt: null, surelyKept: answer.isSure ? sessions : 0, surelyBroken: null };
  }
  return { carried: 0, brokenAt: sessions, surelyKept: 0, surelyBroken: answer.isSure ? sessions : null };
};

const differenceOf = ({ head: before }: Found, { head: now }: Found): string | null => {
  if (before.server !== now.server) return `another server (${before.server ?? "all of a locustfile"})`;
  if (before.shape !== now.shape) return `another shape (${UNITS[before.shape]})`;
  const { p99Ms, errorPercent } = before.limits;
  const isSame = p99Ms === now.limits.p99Ms && errorPercent === now.limits.errorPercent;
  return isSame ? null : `other limits (p99 ${p99Ms} ms, failures ${errorPercent} %)`;
};
