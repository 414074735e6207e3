/** What came under one name: bytes, and counts and times by outcome. */
import { entriesOf } from "./entries-of.ts";
import { KINDS, type Kind } from "./latency-log.ts";
import type { Outcome } from "./reason.ts";
import type { OperationRecord } from "./run-file.ts";
import type { Counts, Sample } from "./sample.ts";
import { Times, type TimesSummary, toUs } from "./times.ts";

/** Field of a sample that holds a kind of time. */
export const FIELD_OF_KIND = {
  service: "serviceMs",
  response: "responseMs",
  headers: "headersMs",
  "first-event": "firstEventMs",
  connect: "connectMs",
} as const satisfies Record<Kind, keyof Sample>;

interface OutcomeRecord {
  count: number;
  readonly times: Map<Kind, Times>;
}

export class NameRecord {
  #bytesIn = 0;
  #bytesOut = 0;
  readonly #outcomes = new Map<Outcome, OutcomeRecord>();
  /** What `run.json` says of this name, while that holds. */
  #written: OperationRecord | null = null;

  record(sample: Sample): void {
    this.#bytesIn += sample.bytesIn;
    this.#bytesOut += sample.bytesOut;
    const outcome = this.#changed(sample.outcome);
    outcome.count += 1;
    for (const kind of KINDS) {
      const ms = sample[FIELD_OF_KIND[kind]];
      if (ms !== undefined) timesOf(outcome, kind).record(toUs(ms));
    }
  }

  /** Whether an operation like this one, with all its times, is held here. */
  holds(sample: Sample): boolean {
    const outcome = this.#outcomes.get(sample.outcome);
    if (outcome === undefined || outcome.count < 1) return false;
    return KINDS.every((kind) => {
      const ms = sample[FIELD_OF_KIND[kind]];
      return ms === undefined || outcome.times.get(kind)?.has(toUs(ms)) === true;
    });
  }

  /**
   * Gives an operation that was recorded as `sample` another outcome. Bytes stay where they are.
   * @returns the kinds whose times moved: one that is not held was lost with a bridge, and is not made up for the target
   */
  move(sample: Sample, to: Outcome): Kind[] {
    const source = this.#changed(sample.outcome);
    const target = this.#changed(to);
    source.count -= 1;
    target.count += 1;
    return KINDS.filter((kind) => {
      const ms = sample[FIELD_OF_KIND[kind]];
      if (ms === undefined || !source.times.get(kind)?.remove(toUs(ms))) return false;
      timesOf(target, kind).record(toUs(ms));
      return true;
    });
  }

  /** Counts without times. @param by may be negative */
  increase(outcome: Outcome, by: number): void {
    this.#changed(outcome).count += by;
  }

  add(other: NameRecord): void {
    this.#bytesIn += other.#bytesIn;
    this.#bytesOut += other.#bytesOut;
    for (const [outcome, { count, times }] of other.#outcomes) {
      const target = this.#changed(outcome);
      target.count += count;
      for (const [kind, each] of times) timesOf(target, kind).add(each);
    }
  }

  /** Takes counts, bytes and exact bounds over from a record whose histograms are already here. */
  restore({ bytesIn, bytesOut, outcomes }: OperationRecord): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    for (const [outcome, { count, times }] of entriesOf(outcomes)) {
      const target = this.#changed(outcome);
      target.count += count;
      for (const [kind, summary] of entriesOf(times)) restoreExact(timesOf(target, kind), summary);
    }
  }

  /** To be filled; created when missing. */
  times(outcome: Outcome, kind: Kind): Times {
    return timesOf(this.#changed(outcome), kind);
  }

  /** Everything that has times. */
  *series(): Generator<{ outcome: Outcome; kind: Kind; times: Times }> {
    for (const [outcome, { times }] of this.#outcomes) {
      for (const [kind, each] of times) yield { outcome, kind, times: each };
    }
  }

  /** Without the outcomes that nothing has. */
  counts(): Counts {
    const counts: Counts = {};
    for (const [outcome, { count }] of this.#outcomes) if (count !== 0) counts[outcome] = count;
    return counts;
  }

  toRunFile(): OperationRecord {
    this.#written ??= this.#operationRecord();
    return this.#written;
  }

  /** What is held of an outcome, about to be changed; created when missing. */
  #changed(outcome: Outcome): OutcomeRecord {
    this.#written = null;
    let record = this.#outcomes.get(outcome);
    if (record === undefined) {
      record = { count: 0, times: new Map() };
      this.#outcomes.set(outcome, record);
    }
    return record;
  }

  #operationRecord(): OperationRecord {
    const outcomes: OperationRecord["outcomes"] = {};
    let count = 0;
    for (const [outcome, record] of this.#outcomes) {
      const times = summaries(record.times);
      if (record.count === 0 && Object.keys(times).length === 0) continue;
      outcomes[outcome] = { count: record.count, times };
      count += record.count;
    }
    const failures = count - (this.#outcomes.get("ok")?.count ?? 0);
    const all = allTimes([...this.#outcomes.values()]);
    return { count, failures, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, outcomes, all };
  }
}

/** Only when the log held all that the head counted: else its bounds are of values that are not here. */
export const restoreExact = (
  times: Times,
  summary: Pick<TimesSummary, "count" | "minMs" | "maxMs" | "sumMs">,
): void => {
  if (times.count === 0 || times.count !== summary.count) return;
  times.setExact({
    minUs: Math.round(summary.minMs * 1000),
    maxUs: Math.round(summary.maxMs * 1000),
    sumUs: Math.round(summary.sumMs * 1000),
  });
};

const timesOf = ({ times }: OutcomeRecord, kind: Kind): Times => {
  let each = times.get(kind);
  if (each === undefined) {
    each = new Times();
    times.set(kind, each);
  }
  return each;
};

const allTimes = (outcomes: readonly OutcomeRecord[]): OperationRecord["all"] => {
  const all: OperationRecord["all"] = {};
  for (const kind of KINDS) {
    const each = outcomes.flatMap(({ times }) => times.get(kind) ?? []).filter(({ count }) => count > 0);
    if (each.length > 0) all[kind] = sumOf(each).summary();
  }
  return all;
};

/** Most names have one outcome: nothing to add up. */
const sumOf = (times: readonly Times[]): Times => {
  const [only] = times;
  if (only !== undefined && times.length === 1) return only;
  const sum = new Times();
  for (const each of times) sum.add(each);
  return sum;
};

const summaries = (times: ReadonlyMap<Kind, Times>): OperationRecord["all"] => {
  const byKind: OperationRecord["all"] = {};
  for (const [kind, each] of times) if (each.count > 0) byKind[kind] = each.summary();
  return byKind;
};
