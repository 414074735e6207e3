/**
 * A recording on its way to disk: what came since the last flush, by second; the seconds whose timeline row is still
 * open; and the sum of everything. Hands out text to append; touches no file and no clock.
 */
import type { Fact } from "./facts/fact-kinds.ts";
import { GeneratorLoad } from "./generator-load.ts";
import { intervalLine, intervalLines } from "./interval-lines.ts";
import { FIELD_OF_KIND } from "./name-record.ts";
import type { Outcome } from "./reason.ts";
import { Recording } from "./recording.ts";
import type { Gauges, Sample } from "./sample.ts";
import { rowLine, timelineRow } from "./timeline.ts";

/** After a second is over, how long its row waits for the batch that carries its last samples. */
const GRACE_SECONDS = 1;
/** Unwritten seconds and rows that are held when the disk refuses. Beyond, seconds are joined and rows forgotten. */
const MOST_UNWRITTEN = 60;

export interface LiveOptions {
  /** Second of the wall clock (since the epoch) from which timeline rows are counted. */
  readonly firstSecond: number;
  /** Rows before this second are on disk already. */
  readonly openFrom: number;
  /** Whether rows carry their buckets: only parts do, which are merged later. */
  readonly hasBuckets: boolean;
}

interface OpenSecond {
  readonly recording: Recording;
  gauges: Gauges | null;
}

export class LiveRecording {
  readonly #options: LiveOptions;
  /** Everything up to the last `settle`. */
  readonly all: Recording;
  readonly load: GeneratorLoad;
  #fresh = new Map<number, Recording>();
  #open = new Map<number, OpenSecond>();
  #openFrom: number;
  /** Settled and not yet confirmed to be on disk. */
  #unwritten: { second: number; recording: Recording }[] = [];
  #takenBack = new Recording();
  #rows: string[] = [];
  #hasNews = true;

  constructor(options: LiveOptions, all = new Recording(), load = new GeneratorLoad()) {
    this.#options = options;
    this.#openFrom = options.openFrom;
    this.all = all;
    this.load = load;
  }

  /** Whether anything came since the last `written`. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  record(sample: Sample, second: number): void {
    this.#freshAt(second).record(sample, this.all.known(sample.name));
    if (sample.underWay !== undefined) this.all.facts.see(sample);
  }

  /**
   * Where the operation is not settled yet, it just moves. Else its times move in the sum, and the log, which knows no
   * negative counts, gets them twice: added to the new outcome, and as a line to take back from the old one.
   */
  move(sample: Sample, to: Outcome, second: number): void {
    const named = { ...sample, name: this.all.known(sample.name) };
    const fresh = this.#fresh.get(this.#clamped(second));
    if (fresh?.holds(named)) {
      fresh.move(named, to);
      this.#hasNews = true;
      return;
    }
    this.#settleFresh();
    const moved = this.all.move(named, to);
    const { name, endMs } = named;
    const times: Record<string, number> = {};
    for (const kind of moved) times[FIELD_OF_KIND[kind]] = named[FIELD_OF_KIND[kind]] ?? 0;
    const bare = { name, endMs, bytesIn: 0, bytesOut: 0, ...times };
    this.#takenBack.record({ ...bare, outcome: named.outcome });
    const target = new Recording();
    target.record({ ...bare, outcome: to });
    this.#unwritten.push({ second: this.#clamped(second), recording: target });
    const row = this.#open.get(this.#clamped(second))?.recording;
    if (row?.holds(named)) row.move(named, to);
    this.#hasNews = true;
  }

  delivered(lateMs: number, second: number): void {
    this.#freshAt(second).delivered(lateMs);
  }

  hidden(name: string, times: number): void {
    this.all.hidden(name, times);
    this.#hasNews = true;
  }

  fact(fact: Fact): void {
    this.all.facts.hear(fact);
    this.#hasNews = true;
  }

  gauges(gauges: Gauges, second: number): void {
    this.load.add(gauges);
    this.#openAt(this.#clamped(second)).gauges = gauges;
    this.#hasNews = true;
  }

  /**
   * Adds what is fresh to the sum and closes the rows of seconds that are over.
   * @param second the second that is now; `Infinity` closes all
   */
  settle(second: number): void {
    this.#settleFresh();
    for (const each of [...this.#open.keys()].sort((a, b) => a - b)) {
      if (each >= second - GRACE_SECONDS) break;
      const { recording, gauges } = this.#open.get(each) ?? { recording: new Recording(), gauges: null };
      this.#open.delete(each);
      this.#openFrom = each + 1;
      const { firstSecond, hasBuckets } = this.#options;
      this.#rows.push(rowLine(timelineRow({ second: each - firstSecond, recording, gauges, hasBuckets })));
    }
    if (this.#rows.length > MOST_UNWRITTEN) this.#rows.splice(0, this.#rows.length - MOST_UNWRITTEN);
    while (this.#unwritten.length > MOST_UNWRITTEN) {
      const [first, second] = this.#unwritten.splice(0, 2);
      if (first === undefined || second === undefined) break;
      first.recording.add(second.recording);
      this.#unwritten.unshift(first);
    }
  }

  /** Lines that the log lacks. The same again until `written` was told. */
  unwrittenLatencies(): string {
    let text = "";
    for (const { second, recording } of this.#unwritten) text += intervalLines(recording, second, 1);
    for (const { name, outcome, kind, times } of this.#takenBack.series()) {
      text += intervalLine({ name, outcome, kind, isMoved: true }, times, this.#openFrom, 1);
    }
    return text;
  }

  unwrittenRows(): string {
    return this.#rows.join("");
  }

  /** Everything as one long interval, for a log that was lost. */
  wholeLatencies(): string {
    return intervalLines(this.all, this.#options.firstSecond, Math.max(1, this.#openFrom - this.#options.firstSecond));
  }

  /** What was handed out is on disk. */
  written(): void {
    this.#unwritten = [];
    this.#takenBack = new Recording();
    this.#rows = [];
    this.#hasNews = false;
  }

  #settleFresh(): void {
    for (const [second, recording] of this.#fresh) {
      this.all.add(recording);
      this.#openAt(second).recording.add(recording);
      this.#unwritten.push({ second, recording });
    }
    this.#fresh = new Map();
  }

  #clamped(second: number): number {
    return Math.max(second, this.#openFrom);
  }

  #freshAt(second: number): Recording {
    this.#hasNews = true;
    const clamped = this.#clamped(second);
    let fresh = this.#fresh.get(clamped);
    if (fresh === undefined) {
      fresh = new Recording();
      this.#fresh.set(clamped, fresh);
    }
    return fresh;
  }

  #openAt(second: number): OpenSecond {
    let open = this.#open.get(second);
    if (open === undefined) {
      open = { recording: new Recording(), gauges: null };
      this.#open.set(second, open);
    }
    return open;
  }
}
