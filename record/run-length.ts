/** How long a run took: from its start to its end, or to the last that is known of it. */
import type { RunFile } from "./run-file.ts";

/** @returns ms, at least a second: a rate over less is no rate */
export const runMs = ({
  startedAt,
  endedAt,
  updatedAt,
}: Pick<RunFile, "startedAt" | "endedAt" | "updatedAt">): number =>
  Math.max(1000, Date.parse(endedAt ?? updatedAt) - Date.parse(startedAt));
