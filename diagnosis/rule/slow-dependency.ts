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
  const mostMoreMs = MOST_SHARE * ((slowest?.busyMs ?? 0) - (slowest?.quietMs ?? 0));
  const other = flat.find(({ quietMs, busyMs }) => busyMs - quietMs <= mostMoreMs);
  if (slowest === undefined || other === undefined) return null;
  return `${growthText(slowest, server)}; ${toolOf(other.operation)} stayed at ${msText(other.busyMs)} ms`;
};
