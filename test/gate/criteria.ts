import type { Criterion, FailureCriteria } from "../../gate/criterion.ts";
import { parseCriterion, splitName } from "../../gate/parse-criterion.ts";

/** A criterion from its text, with its name before it; local, so that all of the grammar is open. */
export const criterion = (text: string, isLocal = true): Criterion => {
  const { request, rest } = splitName(text);
  const parsed = parseCriterion(rest, { request, isLocal });
  if ("fault" in parsed) throw new Error(`${text} ${parsed.fault}`);
  return parsed.criterion;
};

export const criteria = (...texts: readonly string[]): FailureCriteria => ({
  profile: null,
  client: texts.map((text) => criterion(text)),
  server: [],
});
