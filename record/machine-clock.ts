/** Which wall clock a process reads, so that a run of several machines can say that their clocks were not compared. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { countText } from "./duration-text.ts";
import { readIfThere } from "./record-files.ts";
import type { RunFile } from "./run-file.ts";

/** Linux's, new at each boot and the same in all containers of a machine, which share its clock. */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const ID_LENGTH = 12;

/** Equal for processes with the same clock. A hash: a machine's name is nobody's business. */
export const clockId = (): string => {
  const machine = readIfThere(BOOT_ID) ?? hostname();
  return createHash("sha256").update(machine.trim()).digest("hex").slice(0, ID_LENGTH);
};

/** How many clocks the parts of a run had. 1 for a run of one process; parts of older records, which lack theirs, count as one. */
export const clocksOf = ({ parts }: Pick<RunFile, "parts">): number =>
  new Set(parts.map(({ clock }) => clock)).size || 1;

/** For the foot of a summary; empty for one machine, and for a run at Azure, whose origin says it. */
export const clockText = (file: RunFile): string => {
  const clocks = clocksOf(file);
  if (clocks < 2 || file.origin !== undefined) return "";
  return `parts of ${countText(clocks)} machines, whose clocks were not compared: in pictures over time their seconds may be apart; no duration is`;
};
