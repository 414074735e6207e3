/** A limit beside what was measured, with a word where the answers are too few to carry the percentile. */
import { countedText, msText, percentText } from "../record/duration-text.ts";
import type { AwaitedKind, LimitUse } from "../record/limit-use.ts";
import { CARRIES } from "../record/percentile-text.ts";
import { PERCENTILES, useText, whoseTime } from "../record/slo-lines.ts";

/** `p99 859 of 5,000 ms (server/discover), of 3 answers only`; broken ones `p95 451 ms where 400 are allowed (search)`. */
export const limitText = (use: LimitUse, kind: AwaitedKind): string => {
  const isThin = use.limit !== "errorPercent" && use.answers < CARRIES[use.limit];
  const text = use.isBroken ? brokenText(use, kind) : useText(use, kind);
  return isThin ? `${text}, of ${countedText(use.answers, "answer")} only` : text;
};

/** More than all of something would read as a slip of the pen. */
const brokenText = (use: LimitUse, kind: AwaitedKind): string =>
  use.limit === "errorPercent"
    ? `failures ${percentText(use.failures, use.count)} where ${use.allowedPercent}% is allowed`
    : `${PERCENTILES[use.limit]} ${msText(use.measuredMs)} ms where ${msText(use.allowedMs)} are allowed (${whoseTime(use, kind)})`;
