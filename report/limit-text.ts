/** A limit beside what was measured, with a word where the answers are too few to carry the percentile. */
import { countedText } from "../record/duration-text.ts";
import type { AwaitedKind, LimitUse } from "../record/limit-use.ts";
import { CARRIES } from "../record/percentile-text.ts";
import { useText } from "../record/slo-lines.ts";

/** `p99 859 of 5,000 ms (server/discover), of 3 answers only`. */
export const limitText = (use: LimitUse, kind: AwaitedKind): string => {
  const isThin = use.limit !== "errorPercent" && use.answers < CARRIES[use.limit];
  return isThin ? `${useText(use, kind)}, of ${countedText(use.answers, "answer")} only` : useText(use, kind);
};
