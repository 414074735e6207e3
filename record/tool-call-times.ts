/** Times of ok tool calls, of all servers and tools as one: of each server those that its users wait for. */
import { awaitedKind, plannedServers } from "./planned-starts.ts";
import type { Recording } from "./recording.ts";
import type { RunFile } from "./run-file.ts";
import { Times } from "./times.ts";

const CALL = /^[^:]*:tools\/call(:|$)/;

export const toolCallTimes = (file: Pick<RunFile, "operations" | "arrivals">, recording: Recording): Times => {
  const planned = plannedServers(file);
  const sum = new Times();
  for (const name of toolCallNames(file)) sum.add(recording.times(name, "ok", awaitedKind(name, planned)));
  return sum;
};

export const toolCallNames = ({ operations }: Pick<RunFile, "operations">): string[] =>
  Object.keys(operations).filter((name) => CALL.test(name));
