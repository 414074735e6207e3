/** One tool gets slower under load, others of the same server do not: the server itself is not what is slow. */
import { msText } from "../../record/duration-text.ts";
import { growthText, toolOf } from "../evidence.ts";
import { queueingOf } from "../queueing.ts";
import type { ServerView } from "../server-view.ts";

/** Of what the slow one gets longer, in ms: a busy core adds as much to a tool that is slow anyway, where it hardly shows. */
const MOST_SHARE = 0.2;

export const slowDependency = (server: ServerView): string | null => {
  const { grown, flat } = queueingOf(server);
  const [slowest] = grown;
  const moreMs = (slowest?.busyMs ?? 0) - (slowest?.quietMs ?? 0);
  // Beside the times of a much slower tool as much would be lost in their spread.
  const other = flat.find(({ quietMs, busyMs }) => quietMs <= moreMs && busyMs - quietMs <= MOST_SHARE * moreMs);
  if (slowest === undefined || other === undefined) return null;
  return `${growthText(slowest, server)}; ${toolOf(other.operation)} stayed at ${msText(other.busyMs)} ms`;
};
