/**
 * What a run's operations came to, in memory: counts, times, bytes. No clock, no files. Adding recordings is exact: the
 * sum of several is the same as one that had seen everything. Bounded by the number of names, not of calls.
 */
import { FailureSamples } from "./failure-samples.ts";
import { HALVES, type Half, KINDS, type Kind } from "./latency-log.ts";
import type { Outcome } from "./reason.ts";
import type { Totals } from "./recorder.ts";
import type { Gap, OperationRecord, RunFile } from "./run-file.ts";
import type { FailureSample, Sample, Tally } from "./sample.ts";
import { Times, toUs } from "./times.ts";

export const MOST_NAMES = 2000;
/** Where everything goes whose name came after the first `MOST_NAMES`. */
export const OTHER_NAMES = "(other names)";
/** More gaps than this are one: a run with that many lost bridges has nothing to say about any one of them. */
const MOST_GAPS = 100;
const DELETE = ":session/delete";

/** Field of a sample that holds a kind of time. */
export const FIELD_OF_KIND = {
  service: "serviceMs",
  response: "responseMs",
  headers: "headersMs",
  "first-event": "firstEventMs",
  connect: "connectMs",
} as const satisfies Record<Kind, keyof Sample>;

type Counts = Partial<Record<Outcome, number>>;

interface OutcomeRecord {
  count: number;
  readonly times: Map<Kind, Times>;
}

interface NameRecord {
  bytesIn: number;
  bytesOut: number;
  readonly outcomes: Map<Outcome, OutcomeRecord>;
  /** What `run.json` says of this name, while that holds. */
  written: OperationRecord | null;
}

export class Recording {
  readonly #names = new Map<string, NameRecord>();
  readonly #halves = { before: new Times(), after: new Times() } satisfies Record<Half, Times>;
  readonly #hidden = new Map<string, number>();
  readonly #reconciled = new Map<string, Map<Outcome, number>>();
  readonly #gaps: Gap[] = [];
  readonly failures = new FailureSamples();

  /** The name under which `name` is kept. */
  known(name: string): string {
    return this.#names.has(name) || this.#names.size < MOST_NAMES ? name : OTHER_NAMES;
  }

  /** @param as the name under which it is kept, where somebody else bounds the names */
  record(sample: Sample, as: string = this.known(sample.name)): void {
    const name = this.#name(as);
    name.bytesIn += sample.bytesIn;
    name.bytesOut += sample.bytesOut;
    const outcome = outcomeOf(name, sample.outcome);
    outcome.count += 1;
    for (const kind of KINDS) {
      const ms = sample[FIELD_OF_KIND[kind]];
      if (ms !== undefined) timesOf(outcome.times, kind).record(toUs(ms));
    }
    if (sample.beforeMs !== undefined) this.#halves.before.record(toUs(sample.beforeMs));
  }

  /** Whether an operation like this one, with all its times, is held here. */
  holds(sample: Sample): boolean {
    const outcome = this.#names.get(this.known(sample.name))?.outcomes.get(sample.outcome);
    if (outcome === undefined || outcome.count < 1) return false;
    return KINDS.every((kind) => {
      const ms = sample[FIELD_OF_KIND[kind]];
      return ms === undefined || outcome.times.get(kind)?.has(toUs(ms)) === true;
    });
  }

  /**
   * Gives an operation that was recorded as `sample` another outcome. Bytes and harness delay stay where they are.
   * @returns the kinds whose times moved: one that is not held was lost with a bridge, and is not made up for the target
   */
  move(sample: Sample, to: Outcome): Kind[] {
    const name = this.#name(this.known(sample.name));
    const source = outcomeOf(name, sample.outcome);
    const target = outcomeOf(name, to);
    source.count -= 1;
    target.count += 1;
    return KINDS.filter((kind) => {
      const ms = sample[FIELD_OF_KIND[kind]];
      if (ms === undefined || !source.times.get(kind)?.remove(toUs(ms))) return false;
      timesOf(target.times, kind).record(toUs(ms));
      return true;
    });
  }

  delivered(lateMs: number): void {
    this.#halves.after.record(toUs(lateMs));
  }

  hidden(name: string, times: number): void {
    const kept = this.#hidden.has(name) || this.#hidden.size < MOST_NAMES ? name : OTHER_NAMES;
    this.#hidden.set(kept, (this.#hidden.get(kept) ?? 0) + times);
  }

  /** Raises the counts of hidden requests to these, where they are lower. */
  raiseHidden(counts: Readonly<Record<string, number>>): void {
    for (const [name, times] of Object.entries(counts)) {
      const missing = times - (this.#hidden.get(name) ?? 0);
      if (missing > 0) this.hidden(name, missing);
    }
  }

  failure(sample: FailureSample): void {
    this.failures.add({ ...sample, name: this.known(sample.name) });
  }

  /**
   * Makes the counts equal to `tally`, but takes back no DELETE. The difference is counted without times, and a gap says
   * so.
   * @param at ISO 8601
   * @returns how many operations were added; 0 when the counts agreed
   */
  reconcile(tally: Tally, at: string, cause: Gap["cause"]): number {
    const wanted = new Map<string, Map<Outcome, number>>();
    const unseen = new Set<string>();
    for (const name of Object.keys(tally)) if (!this.#names.has(name)) unseen.add(name);
    const room = MOST_NAMES - this.#names.size;
    const folded = new Set([...unseen].slice(Math.max(0, room)));
    for (const [name, counts] of Object.entries(tally)) {
      const kept = folded.has(name) ? OTHER_NAMES : name;
      const sum = wanted.get(kept) ?? new Map<Outcome, number>();
      wanted.set(kept, sum);
      for (const [outcome, count] of entriesOf(counts)) sum.set(outcome, (sum.get(outcome) ?? 0) + count);
    }
    for (const name of this.#names.keys()) if (!wanted.has(name)) wanted.set(name, new Map());

    let added = 0;
    let hasDifference = false;
    for (const [name, counts] of wanted) {
      const held = this.#names.get(name)?.outcomes;
      for (const outcome of new Set([...counts.keys(), ...(held?.keys() ?? [])])) {
        const difference = (counts.get(outcome) ?? 0) - (held?.get(outcome)?.count ?? 0);
        if (difference === 0) continue;
        // A close that Python gave up is in no tally: it never learned whether there was a DELETE to send.
        if (difference < 0 && name.endsWith(DELETE)) continue;
        hasDifference = true;
        added += difference;
        this.#addReconciled(name, outcome, difference);
        outcomeOf(this.#name(name), outcome).count += difference;
      }
    }
    if (hasDifference) this.#addGap({ at, cause, lostLatencies: Math.max(0, added) });
    return added;
  }

  addGap(at: string, cause: Gap["cause"]): void {
    this.#addGap({ at, cause, lostLatencies: 0 });
  }

  /** Adds everything that `other` holds. */
  add(other: Recording): void {
    for (const [key, theirs] of other.#names) {
      const ours = this.#name(this.known(key));
      ours.bytesIn += theirs.bytesIn;
      ours.bytesOut += theirs.bytesOut;
      for (const [outcome, { count, times }] of theirs.outcomes) {
        const target = outcomeOf(ours, outcome);
        target.count += count;
        for (const [kind, each] of times) timesOf(target.times, kind).add(each);
      }
    }
    for (const half of HALVES) this.#halves[half].add(other.#halves[half]);
    for (const [name, times] of other.#hidden) this.hidden(name, times);
    for (const [name, counts] of other.#reconciled) {
      for (const [outcome, count] of counts) this.#addReconciled(this.known(name), outcome, count);
    }
    for (const gap of other.#gaps) this.#addGap(gap);
    this.failures.addGroups(other.failures.groups());
  }

  /** Times of one name and outcome; created when missing. */
  times(name: string, outcome: Outcome, kind: Kind): Times {
    return timesOf(outcomeOf(this.#name(this.known(name)), outcome).times, kind);
  }

  half(half: Half): Times {
    return this.#halves[half];
  }

  /** Everything that has times. */
  *series(): Generator<{ name: string; outcome: Outcome; kind: Kind; times: Times }> {
    for (const [name, { outcomes }] of this.#names) {
      for (const [outcome, { times }] of outcomes) {
        for (const [kind, each] of times) yield { name, outcome, kind, times: each };
      }
    }
  }

  totals(): Totals {
    const operations: Record<string, Counts> = {};
    for (const [name, { outcomes }] of this.#names) {
      const counts: Counts = {};
      for (const [outcome, { count }] of outcomes) if (count !== 0) counts[outcome] = count;
      operations[name] = counts;
    }
    return { operations, hidden: Object.fromEntries(this.#hidden) };
  }

  /** The part of `run.json` that this holds. */
  toRunFile(): Pick<RunFile, "operations" | "harnessDelay" | "hidden" | "reconciled" | "gaps"> {
    const operations: Record<string, OperationRecord> = {};
    for (const [key, name] of this.#names) {
      name.written ??= operationRecord(name);
      operations[key] = name.written;
    }
    return {
      operations,
      harnessDelay: { before: this.#halves.before.summary(), after: this.#halves.after.summary() },
      hidden: Object.fromEntries(this.#hidden),
      reconciled: Object.fromEntries(
        [...this.#reconciled].map(([name, counts]): [string, Counts] => [name, Object.fromEntries(counts)]),
      ),
      gaps: [...this.#gaps],
    };
  }

  /** Takes counts, bytes and exact bounds over from a record whose histograms are already here. */
  restore(file: RunFile): void {
    for (const [key, record] of Object.entries(file.operations)) {
      const name = this.#name(key);
      name.bytesIn += record.bytesIn;
      name.bytesOut += record.bytesOut;
      for (const [outcome, { count, times }] of entriesOf(record.outcomes)) {
        const target = outcomeOf(name, outcome);
        target.count += count;
        for (const [kind, summary] of entriesOf(times)) setExact(timesOf(target.times, kind), summary);
      }
    }
    for (const half of HALVES) setExact(this.#halves[half], file.harnessDelay[half]);
    for (const [name, times] of Object.entries(file.hidden)) this.hidden(name, times);
    for (const [name, counts] of Object.entries(file.reconciled)) {
      for (const [outcome, count] of entriesOf(counts)) this.#addReconciled(name, outcome, count);
    }
    for (const gap of file.gaps) this.#addGap(gap);
  }

  /** What is held of a name, about to be changed; created when missing. */
  #name(name: string): NameRecord {
    let record = this.#names.get(name);
    if (record === undefined) {
      record = { bytesIn: 0, bytesOut: 0, outcomes: new Map(), written: null };
      this.#names.set(name, record);
    }
    record.written = null;
    return record;
  }

  #addReconciled(name: string, outcome: Outcome, count: number): void {
    const counts = this.#reconciled.get(name) ?? new Map<Outcome, number>();
    this.#reconciled.set(name, counts);
    counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  }

  #addGap(gap: Gap): void {
    const last = this.#gaps.at(-1);
    if (last === undefined || this.#gaps.length < MOST_GAPS) this.#gaps.push(gap);
    else this.#gaps[this.#gaps.length - 1] = { ...last, lostLatencies: last.lostLatencies + gap.lostLatencies };
  }
}

const outcomeOf = (name: NameRecord, outcome: Outcome): OutcomeRecord => {
  let record = name.outcomes.get(outcome);
  if (record === undefined) {
    record = { count: 0, times: new Map() };
    name.outcomes.set(outcome, record);
  }
  return record;
};

const timesOf = (times: Map<Kind, Times>, kind: Kind): Times => {
  let each = times.get(kind);
  if (each === undefined) {
    each = new Times();
    times.set(kind, each);
  }
  return each;
};

/** `Object.entries` for records whose keys are a closed list: the type of the key survives. */
const entriesOf = <K extends string, V>(record: Readonly<Partial<Record<K, V>>>): [K, V][] =>
  Object.entries(record) as [K, V][];

/** Only when the log held all that the head counted: else its bounds are of values that are not here. */
const setExact = (times: Times, summary: { count: number; minMs: number; maxMs: number; sumMs: number }): void => {
  if (times.count === 0 || times.count !== summary.count) return;
  times.setExact({
    minUs: Math.round(summary.minMs * 1000),
    maxUs: Math.round(summary.maxMs * 1000),
    sumUs: Math.round(summary.sumMs * 1000),
  });
};

const operationRecord = (name: NameRecord): OperationRecord => {
  const outcomes: OperationRecord["outcomes"] = {};
  let count = 0;
  for (const [outcome, record] of name.outcomes) {
    const times = summaries(record.times);
    if (record.count === 0 && Object.keys(times).length === 0) continue;
    outcomes[outcome] = { count: record.count, times };
    count += record.count;
  }
  const failures = count - (name.outcomes.get("ok")?.count ?? 0);
  return {
    count,
    failures,
    bytesIn: name.bytesIn,
    bytesOut: name.bytesOut,
    outcomes,
    all: allTimes([...name.outcomes.values()]),
  };
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
