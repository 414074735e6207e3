/** Figures that several rules quote, in words. */
import { msText } from "../record/duration-text.ts";
import type { Grown } from "./queueing.ts";
import type { ServerView } from "./server-view.ts";

/** `search took 140 ms (p50) with 10 calls under way, 15 ms with 1`. */
export const growthText = (
  { operation, quietMs, busyMs, quietLoad, busyLoad }: Grown,
  { processes }: Pick<ServerView, "processes">,
): string =>
  `${toolOf(operation)} took ${msText(busyMs)} ms (p50) with ${Math.round(busyLoad)} calls under way${eachProcess(processes)}, ${msText(quietMs)} ms with ${Math.max(1, Math.round(quietLoad))}`;

export const toolOf = (operation: string): string => operation.replace(/^tools\/call:(?=.)/, "");

/** Behind a number of calls under way, which of several processes each knows for itself only. */
export const eachProcess = (processes: number): string => (processes > 1 ? ` in each of ${processes} processes` : "");
