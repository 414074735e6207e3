/** The server says so itself: 429, or a tool's error with such words, which is a limit behind the server. */
import { countText, percentText } from "../../record/duration-text.ts";
import { toolOf } from "../evidence.ts";
import { saidOf } from "../said.ts";
import type { ServerView } from "../server-view.ts";

const FEWEST = 3;
/** A limit that was reached: the word alone is a setting, a number alone may be a row's. */
const WORDS = new RegExp(
  [
    "too many requests",
    "\\brate.?limited\\b",
    "\\brate.?limit\\w*\\b.{0,30}(exceeded|reached|hit\\b|retry|try again)",
    "(exceeded|exceeds|reached|hit|over) .{0,30}\\brate.?limit",
    "\\b(http|status|code)\\W{1,3}429\\b",
    "\\bquota (was |has been )?exceeded|exceeded .{0,30}\\bquota",
  ].join("|"),
  "i",
);

export const rateLimited = (server: ServerView): string | null => {
  const refused = server.counts.get("http-429") ?? 0;
  const all = [...server.counts.values()].reduce((sum, count) => sum + count, 0);
  if (refused >= FEWEST) return `HTTP 429 to ${countText(refused)} of ${countText(all)} (${percentText(refused, all)})`;
  const said = saidOf(server, WORDS);
  if (said === null) return null;
  return `${countText(said.times)} x ${toolOf(said.operation)} failed with words of a rate limit: one behind the server`;
};
