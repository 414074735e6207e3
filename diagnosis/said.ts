/** What servers say when they fail: a fault that names itself needs no other evidence. */
import type { Outcome } from "../record/reason.ts";
import type { ServerView } from "./server-view.ts";

export interface Said {
  readonly times: number;
  readonly operation: string;
}

/** Of failures that carry a server's own words. A group whose examples all say it counts as a whole. */
const WITH_WORDS: readonly Outcome[] = ["tool-error", "json-rpc-error", "http-503", "http-5xx", "http-4xx", "http-429"];
const FEWEST = 3;
/** Such a failure quotes what was asked for: its words tell nothing about the server. */
const ABOUT_THE_REQUEST =
  /\b(no (results?|matches|such)|not found|(cannot|could not|can't) find|unknown|does not exist|invalid|must be)\b/i;

/** @returns the operation that failed with such words most often; null for hardly any */
export const saidOf = ({ failures, operations, name }: ServerView, words: RegExp): Said | null => {
  let most: Said | null = null;
  for (const group of failures) {
    const isIt =
      group.samples.length > 0 &&
      group.samples.every((sample) => words.test(sample) && !ABOUT_THE_REQUEST.test(sample));
    if (!isIt || !WITH_WORDS.includes(group.outcome)) continue;
    const operation = group.name.slice(name.length + 1);
    const times = operations.get(operation)?.outcomes[group.outcome]?.count ?? 0;
    if (times >= FEWEST && times > (most?.times ?? 0)) most = { times, operation };
  }
  return most;
};
