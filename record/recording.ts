/**
 * What a run's operations came to, in memory, and beside them what auth did: counts, times, bytes. No clock, no files.
 * Adding recordings is exact: the sum of several is the same as one that had seen everything. Bounded by the number of
 * names, not of calls.
 */
import { entriesOf } from "./entries-of.ts";
import { Facts } from "./facts/facts.ts";
import { FailureSamples } from "./failure-samples.ts";
import { HALVES, type Half, type Kind } from "./latency-log.ts";
import { NameRecord, restoreExact } from "./name-record.ts";
import type { Outcome } from "./reason.ts";
import type { Totals } from "./recorder.ts";
import type { Gap, RunFile } from "./run-file.ts";
import type { Counts, FailureSample, Sample, Tally } from "./sample.ts";
import { parted, SECTIONS, type Section, sectionOf } from "./section.ts";
import { Times, toUs } from "./times.ts";

export const MOST_NAMES = 2000;
/** Where everything goes whose name came after the first `MOST_NAMES`. */
export const OTHER_NAMES = "(other names)";
/** More gaps than this are one: a run with that many lost bridges has nothing to say about any one of them. */
const MOST_GAPS = 100;
const DELETE = ":session/delete";

export class Recording {
  readonly #names = new Map<string, NameRecord>();
  readonly #halves = { before: new Times(), after: new Times() } satisfies Record<Half, Times>;
  readonly #hidden = new Map<string, number>();
  readonly #reconciled = new Map<string, Map<Outcome, number>>();
  readonly #gaps: Gap[] = [];
  readonly failures = new FailureSamples();
  readonly facts = new Facts();

  /** How many names are held. */
  get size(): number {
    return this.#names.size;
  }

  /** The name under which `name` is kept. Auth's have a bound of their own, three a server, and never fall among others. */
  known(name: string): string {
    const isKept = this.#names.has(name) || this.#names.size < MOST_NAMES || sectionOf(name) === "auth";
    return isKept ? name : OTHER_NAMES;
  }

  /** @param as the name under which it is kept, where somebody else bounds the names */
  record(sample: Sample, as: string = this.known(sample.name)): void {
    this.#name(as).record(sample);
    if (sample.beforeMs !== undefined) this.#halves.before.record(toUs(sample.beforeMs));
  }

  /** Whether an operation like this one, with all its times, is held here. */
  holds(sample: Sample): boolean {
    return this.#names.get(this.known(sample.name))?.holds(sample) === true;
  }

  /**
   * Gives an operation that was recorded as `sample` another outcome. Bytes and harness delay stay where they are.
   * @returns the kinds whose times moved: one that is not held was lost with a bridge, and is not made up for the target
   */
  move(sample: Sample, to: Outcome): Kind[] {
    return this.#name(this.known(sample.name)).move(sample, to);
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
   * Makes the counts equal to `tally`, but takes back no DELETE and nothing that auth did. The difference is counted
   * without times, and a gap says so.
   * @param at ISO 8601
   * @returns how many were added; 0 when the counts agreed
   */
  reconcile(tally: Tally, at: string, cause: Gap["cause"]): number {
    let added = 0;
    let hasDifference = false;
    for (const [name, counts] of this.#wanted(tally)) {
      const held = this.#names.get(name)?.counts() ?? {};
      for (const outcome of new Set([...counts.keys(), ...entriesOf(held).map(([each]) => each)])) {
        const difference = (counts.get(outcome) ?? 0) - (held[outcome] ?? 0);
        if (difference === 0) continue;
        // A close that Python gave up is in no tally: it never learned whether there was a DELETE to send.
        // And a renewal that ended while Python wrote its tally is not in it.
        if (difference < 0 && (name.endsWith(DELETE) || sectionOf(name) === "auth")) continue;
        hasDifference = true;
        added += difference;
        this.#addReconciled(name, outcome, difference);
        this.#name(name).increase(outcome, difference);
      }
    }
    if (hasDifference) this.#addGap({ at, cause, lostLatencies: Math.max(0, added) });
    return added;
  }

  /** Counts alone, where the times are here already, or nowhere. */
  increase(name: string, outcome: Outcome, by: number): void {
    this.#name(this.known(name)).increase(outcome, by);
  }

  addGap(at: string, cause: Gap["cause"]): void {
    this.#addGap({ at, cause, lostLatencies: 0 });
  }

  /** Adds everything that `other` holds. */
  add(other: Recording): void {
    for (const [name, theirs] of other.#names) this.#name(this.known(name)).add(theirs);
    for (const half of HALVES) this.#halves[half].add(other.#halves[half]);
    for (const [name, times] of other.#hidden) this.hidden(name, times);
    for (const [name, counts] of other.#reconciled) {
      for (const [outcome, count] of counts) this.#addReconciled(this.known(name), outcome, count);
    }
    for (const gap of other.#gaps) this.#addGap(gap);
    this.failures.addGroups(other.failures.groups());
    this.facts.add(other.facts.sections());
  }

  /** Times of one name and outcome; created when missing. */
  times(name: string, outcome: Outcome, kind: Kind): Times {
    return this.#name(this.known(name)).times(outcome, kind);
  }

  half(half: Half): Times {
    return this.#halves[half];
  }

  /** Everything that has times. */
  *series(): Generator<{ name: string; outcome: Outcome; kind: Kind; times: Times }> {
    for (const [name, record] of this.#names) for (const each of record.series()) yield { name, ...each };
  }

  totals(): Totals {
    const counts = [...this.#names].map(([name, record]): [string, Counts] => [name, record.counts()]);
    const { operations, auth, turns, arrivals } = parted(counts);
    const authTimes: Record<string, Totals["authTimes"][string]> = {};
    for (const name of Object.keys(auth)) {
      const { count, sumMs } = this.#names.get(name)?.toRunFile().all.service ?? { count: 0, sumMs: 0 };
      if (count > 0) authTimes[name] = { count, sumMs };
    }
    return { operations, auth, turns, arrivals, authTimes, hidden: Object.fromEntries(this.#hidden) };
  }

  /** The part of `run.json` that this holds. */
  toRunFile(): Pick<RunFile, Section | "facts" | "harnessDelay" | "hidden" | "reconciled" | "gaps"> {
    return {
      ...parted([...this.#names].map(([name, record]) => [name, record.toRunFile()] as const)),
      facts: this.facts.sections(),
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
    for (const section of SECTIONS) {
      for (const [name, record] of Object.entries(file[section])) this.#name(name).restore(record);
    }
    for (const half of HALVES) restoreExact(this.#halves[half], file.harnessDelay[half]);
    for (const [name, times] of Object.entries(file.hidden)) this.hidden(name, times);
    for (const [name, counts] of Object.entries(file.reconciled)) {
      for (const [outcome, count] of entriesOf(counts)) this.#addReconciled(name, outcome, count);
    }
    for (const gap of file.gaps) this.#addGap(gap);
    this.facts.add(file.facts);
  }

  /** What `tally` says of each name that is kept, those that it leaves out included. */
  #wanted(tally: Tally): Map<string, Map<Outcome, number>> {
    const wanted = new Map<string, Map<Outcome, number>>();
    const unseen = Object.keys(tally).filter((name) => !this.#names.has(name) && sectionOf(name) !== "auth");
    const folded = new Set(unseen.slice(Math.max(0, MOST_NAMES - this.#names.size)));
    for (const [name, counts] of Object.entries(tally)) {
      const kept = folded.has(name) ? OTHER_NAMES : name;
      const sum = wanted.get(kept) ?? new Map<Outcome, number>();
      wanted.set(kept, sum);
      for (const [outcome, count] of entriesOf(counts)) sum.set(outcome, (sum.get(outcome) ?? 0) + count);
    }
    for (const name of this.#names.keys()) {
      if (!wanted.has(name) && sectionOf(name) !== "auth") wanted.set(name, new Map());
    }
    return wanted;
  }

  /** Created when missing. */
  #name(name: string): NameRecord {
    let record = this.#names.get(name);
    if (record === undefined) {
      record = new NameRecord();
      this.#names.set(name, record);
    }
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
