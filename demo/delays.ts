/**
 * How long each demo server takes, per operation: the one table behind the fleet, `--delays` and the tests.
 *
 * The figures are shaped after measurements of the four hosted servers (a run of 15 minutes, 17 users): Learn's handshake
 * 44 ms and its p90 under 900; Azure DevOps' handshake 335 ms and a p90 close to its average; Context7's average over 1 s;
 * GitHub's `search_code` with an average of 554 ms and a p90 of 1,560. No lognormal has that last pair (its average would be
 * 686 ms at least); cutting it at 2,340 ms, as a time limit behind a real search does, gives both. The three sample tools
 * stand for work in memory. What was never measured (lists, prompts, resources, the rest) is our guess.
 */

import { type Delay, lognormalStream } from "./lognormal.ts";
import { hashOf, seededRandom } from "./random.ts";
import type { ServerName } from "./server-name.ts";

/** Row of everything that has none of its own. */
const OTHER = "other";

export const DELAYS = {
  learn: {
    handshake: { p50Ms: 44, p90Ms: 70 },
    "tools/list": { p50Ms: 40, p90Ms: 65 },
    "tools/call:microsoft_docs_search": { p50Ms: 380, p90Ms: 780 },
    "tools/call:microsoft_docs_fetch": { p50Ms: 290, p90Ms: 610 },
    "tools/call:microsoft_code_sample_search": { p50Ms: 340, p90Ms: 720 },
    "tools/call:search": { p50Ms: 8, p90Ms: 14 },
    "tools/call:read-large-file": { p50Ms: 60, p90Ms: 110 },
    "tools/call:db-query": { p50Ms: 6, p90Ms: 12 },
    [OTHER]: { p50Ms: 30, p90Ms: 50 },
  },
  context7: {
    handshake: { p50Ms: 180, p90Ms: 300 },
    "tools/list": { p50Ms: 120, p90Ms: 210 },
    "tools/call:resolve-library-id": { p50Ms: 950, p90Ms: 1_800 },
    "tools/call:query-docs": { p50Ms: 1_150, p90Ms: 2_300 },
    [OTHER]: { p50Ms: 100, p90Ms: 180 },
  },
  "azure-devops": {
    handshake: { p50Ms: 335, p90Ms: 390 },
    "tools/list": { p50Ms: 230, p90Ms: 270 },
    "tools/call:core_list_projects": { p50Ms: 290, p90Ms: 340 },
    "tools/call:wit_get_work_item": { p50Ms: 310, p90Ms: 365 },
    "tools/call:wit_my_work_items": { p50Ms: 345, p90Ms: 405 },
    "tools/call:repo_list_repos_by_project": { p50Ms: 300, p90Ms: 350 },
    [OTHER]: { p50Ms: 210, p90Ms: 250 },
  },
  github: {
    handshake: { p50Ms: 120, p90Ms: 190 },
    "tools/list": { p50Ms: 90, p90Ms: 150 },
    "tools/call:search_code": { p50Ms: 302, p90Ms: 1_560, maxMs: 2_340 },
    "tools/call:search_repositories": { p50Ms: 330, p90Ms: 820 },
    "tools/call:list_issues": { p50Ms: 280, p90Ms: 640 },
    "tools/call:get_file_contents": { p50Ms: 190, p90Ms: 420 },
    "tools/call:get_me": { p50Ms: 140, p90Ms: 260 },
    "tools/call:search": { p50Ms: 8, p90Ms: 14 },
    "tools/call:read-large-file": { p50Ms: 60, p90Ms: 110 },
    "tools/call:db-query": { p50Ms: 6, p90Ms: 12 },
    [OTHER]: { p50Ms: 60, p90Ms: 110 },
  },
} as const satisfies Record<ServerName, Record<string, Delay> & { [OTHER]: Delay }>;

/** The rows of one server, in the order of the table. */
export const delayRows = (server: ServerName): readonly (readonly [string, Delay])[] => Object.entries(DELAYS[server]);

/** Gives the next delay of an operation, in milliseconds; the operation is a row of the table, any other takes `other`. */
export type DelaySource = (operation: string) => number;

/**
 * @param seed one seed gives one sequence per server and operation, whatever the order in which operations come
 * @param speed 1 is the table's pace, 10 ten times faster, 0 no delay at all
 */
export function delaySource(server: ServerName, { seed, speed }: { seed: number; speed: number }): DelaySource {
  if (speed === 0) return () => 0;
  const streams = new Map(
    delayRows(server).map(([operation, delay]) => [
      operation,
      lognormalStream(delay, seededRandom(seed ^ hashOf(`${server}:${operation}`))),
    ]),
  );
  return (operation) => (streams.get(operation) ?? streams.get(OTHER) ?? (() => 0))() / speed;
}
