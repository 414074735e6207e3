/** One tool gets slower under load, others of the same server do not: the server itself is not what is slow. */
import { msText } from "../../record/duration-text.ts";
import { growthText, toolOf } from "../evidence.ts";
import { queueingOf } from "../queueing.ts";
import type { ServerView } from "../server-view.ts";

export const slowDependency = (server: ServerView): string | null => {
  const { grown, flat } = queueingOf(server);
  const [slowest] = grown;
  const [other] = flat;
  if (slowest === undefined || other === undefined) return null;
  return `${growthText(slowest)}; ${toolOf(other.operation)} stayed at ${msText(other.busyMs)} ms`;
};
