import { parseDuration } from "../config/duration.ts";
import { CommandError } from "./command-error.ts";

/**
 * @returns ms
 * @throws {CommandError} for what is no time, or none at all
 */
export const timeOf = (option: string, text: string): number => {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new CommandError(`${option} ${text} is no time: write it as 60s, 30m or 8h`);
};
