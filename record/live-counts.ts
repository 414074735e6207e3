/**
 * The bridge's own counts of a run, exact at every moment: by number of the name and of the outcome, because one is made
 * on the way of every call.
 */
import { NameList, outcomeIndex } from "./batch.ts";
import { OUTCOMES, type Outcome } from "./reason.ts";
import type { Totals } from "./recorder.ts";
import { MOST_NAMES, OTHER_NAMES } from "./recording.ts";
import type { Counts, Sample } from "./sample.ts";
import { parted, SECTIONS, sectionOf } from "./section.ts";

export class LiveCounts {
  readonly #names = new NameList();
  /** By number of the name, then by number of the outcome. */
  readonly #counts: number[][] = [];
  readonly #authTimes: Record<string, { count: number; sumMs: number }> = {};
  readonly #hidden = new Map<string, number>();

  /** Names in the order of their numbers. */
  get names(): readonly string[] {
    return this.#names.names;
  }

  /** @returns the number of its name */
  operation(sample: Sample): number {
    const name = this.#names.indexOf(sample.name);
    this.#increase(name, sample.outcome, 1);
    if (sectionOf(sample.name) === "auth") this.#addAuthTimes(sample.name, 1, sample.serviceMs);
    return name;
  }

  /** @returns the number of its name */
  move(sample: Sample, to: Outcome): number {
    const name = this.#names.indexOf(sample.name);
    this.#increase(name, sample.outcome, -1);
    this.#increase(name, to, 1);
    return name;
  }

  /** @returns the name under which it is counted */
  hidden(name: string): string {
    const kept = this.#hidden.has(name) || this.#hidden.size < MOST_NAMES ? name : OTHER_NAMES;
    this.#hidden.set(kept, (this.#hidden.get(kept) ?? 0) + 1);
    return kept;
  }

  /** Begins at what a record holds that is continued. */
  restore({ authTimes, hidden, ...sections }: Totals): void {
    for (const section of SECTIONS) {
      for (const [name, counts] of Object.entries(sections[section])) {
        const held = this.#countsOf(this.#names.indexOf(name));
        for (const [index, outcome] of OUTCOMES.entries()) held[index] = counts[outcome] ?? 0;
      }
    }
    for (const [name, { count, sumMs }] of Object.entries(authTimes)) this.#addAuthTimes(name, count, sumMs);
    for (const [name, times] of Object.entries(hidden)) this.#hidden.set(name, times);
  }

  /** Of all sections. */
  tally(): Record<string, Counts> {
    const tally: Record<string, Counts> = {};
    for (const [index, name] of this.#names.names.entries()) {
      const counts: Counts = {};
      for (const [at, outcome] of OUTCOMES.entries()) {
        const count = this.#counts[index]?.[at] ?? 0;
        if (count !== 0) counts[outcome] = count;
      }
      tally[name] = counts;
    }
    return tally;
  }

  totals(): Totals {
    const authTimes = structuredClone(this.#authTimes);
    return { ...parted(Object.entries(this.tally())), authTimes, hidden: this.hiddenCounts() };
  }

  hiddenCounts(): Record<string, number> {
    return Object.fromEntries(this.#hidden);
  }

  #increase(name: number, outcome: Outcome, by: number): void {
    const counts = this.#countsOf(name);
    const index = outcomeIndex(outcome);
    counts[index] = (counts[index] ?? 0) + by;
  }

  #countsOf(name: number): number[] {
    this.#counts[name] ??= OUTCOMES.map(() => 0);
    return this.#counts[name];
  }

  #addAuthTimes(name: string, count: number, sumMs: number | undefined): void {
    if (sumMs === undefined) return;
    this.#authTimes[name] ??= { count: 0, sumMs: 0 };
    this.#authTimes[name].count += count;
    this.#authTimes[name].sumMs += sumMs;
  }
}
