import { randomInt } from "node:crypto";
import { basename } from "node:path";

/** Base 32 (RFC 4648) in small letters: nothing that is misread when it is typed. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
/** Azure takes 50; the time and the letters of chance need 21 of them. */
const LONGEST_STEM = 29;

/**
 * A new run's id, which is also the name of its record's folder: `20261121-105500-multi-k3fx`, local time as in the ids
 * of local runs.
 */
export const newTestRunId = (testPlan: string, now: Date): string => {
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const stem = basename(testPlan, ".py")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "-")
    .slice(0, LONGEST_STEM);
  const chance = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${day}-${time}-${stem}-${chance}`;
};
