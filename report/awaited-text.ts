/** Which time a figure over several servers holds: where some have planned starts and others not, neither kind is its name. */
import type { AwaitedKind } from "../record/limit-use.ts";
import { awaitedKind, plannedServers } from "../record/planned-starts.ts";
import type { RunFile } from "../record/run-file.ts";

export type AwaitedText = "service time" | "response time" | "time that users waited";

/** @param names of operations; those of the whole run if absent */
export const awaitedText = (
  file: Pick<RunFile, "arrivals" | "operations">,
  names: readonly string[] = Object.keys(file.operations),
): AwaitedText => {
  const planned = plannedServers(file);
  const kinds = new Set<AwaitedKind>(names.map((name) => awaitedKind(name, planned)));
  if (kinds.size > 1) return "time that users waited";
  return kinds.has("response") ? "response time" : "service time";
};
