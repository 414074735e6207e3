/** Whether failures of some kind begin at a certain load: none below it, some of all calls above. */
import { entriesOf } from "../record/entries-of.ts";
import type { LoadBand } from "../record/facts/by-load.ts";
import type { Outcome } from "../record/reason.ts";

export interface Onset {
  /** Calls under way up to which there were none, or hardly any. */
  readonly upTo: number;
  readonly failures: number;
  /** Calls that began with more under way. */
  readonly calls: number;
}

const FEWEST_FAILURES = 5;
const FEWEST_BELOW = 20;
/** Share of the calls that fails, at most below and at least above. */
const SHARE_BELOW = 0.005;
const SHARE_ABOVE = 0.02;

/** @param operations all operations of one server @returns null where the failures have nothing to do with the load */
export const onsetOf = (operations: Iterable<readonly LoadBand[]>, reasons: readonly Outcome[]): Onset | null => {
  const bands = bandsOf(operations, reasons);
  let below = { calls: 0, failures: 0 };
  let onset: Onset | null = null;
  for (const { most, calls, failures } of bands) {
    below = { calls: below.calls + calls, failures: below.failures + failures };
    const isQuiet = below.calls >= FEWEST_BELOW && below.failures <= SHARE_BELOW * below.calls;
    if (!isQuiet) continue;
    const above = bands.filter((each) => each.most > most);
    const sum = { calls: 0, failures: 0 };
    for (const each of above) {
      sum.calls += each.calls;
      sum.failures += each.failures;
    }
    if (sum.failures >= FEWEST_FAILURES && sum.failures >= SHARE_ABOVE * sum.calls) onset = { upTo: most, ...sum };
  }
  return onset;
};

const bandsOf = (operations: Iterable<readonly LoadBand[]>, reasons: readonly Outcome[]) => {
  const sums = new Map<number, { calls: number; failures: number }>();
  for (const bands of operations) {
    for (const { most, outcomes } of bands) {
      const sum = sums.get(most) ?? { calls: 0, failures: 0 };
      sums.set(most, sum);
      for (const [outcome, count] of entriesOf(outcomes)) {
        sum.calls += count;
        if (reasons.includes(outcome)) sum.failures += count;
      }
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([most, sum]) => ({ most, ...sum }));
};
