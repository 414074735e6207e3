/**
 * Keeps one record on disk up to date: opens it new or continues what a killed process left, takes batches in, commits
 * once a second, completes it at the end. Runs in the recorder's thread; what the time is, it is told.
 */
import { forEachSample, samplesIn } from "./batch.ts";
import { GeneratorLoad } from "./generator-load.ts";
import { type GeneratorVerdict, generatorVerdict } from "./generator-verdict.ts";
import { type LiveFigures, liveFigures } from "./live-figures.ts";
import { LiveRecording } from "./live-recording.ts";
import { clockId } from "./machine-clock.ts";
import { type DurationSnapshot, durationSnapshot } from "./metrics/run-metrics.ts";
import { loadRecording, type RunRecord, readRun, timelineRows } from "./read-run.ts";
import { RecordError } from "./record-error.ts";
import { RecordFiles } from "./record-files.ts";
import type { RunIdentity, Totals } from "./recorder.ts";
import { Recording } from "./recording.ts";
import { type Gap, RUN_SCHEMA, type RunFile } from "./run-file.ts";
import type { Tally } from "./sample.ts";
import type { ThreadStart, ToThread } from "./thread-messages.ts";

type BatchMessage = Extract<ToThread, { op: "batch" }>;

export interface KeeperOptions extends Pick<ThreadStart, "identity" | "dir" | "tally" | "cause"> {
  readonly hidden?: ThreadStart["hidden"];
  /** Told once when the disk refuses, and once when it takes again. */
  readonly onWarning: (text: string) => void;
  /** Wall clock, ms. */
  readonly now: () => number;
}

export class RecordKeeper {
  readonly #identity: RunIdentity;
  readonly #now: () => number;
  readonly #onWarning: (text: string) => void;
  /** Wall clock minus the bridge's monotonic clock, ms. */
  readonly #offsetMs: number;
  /** Of the process that began the record. */
  readonly #startedAt: string;
  readonly #files: RecordFiles;
  readonly #live: LiveRecording;
  readonly #clock = clockId();
  readonly #names: string[] = [];
  #second: number;
  #isFailing = false;
  #hasNewFailures = true;
  /** What was on disk is gone: the next commit has to hold everything. */
  #isFolderLost = false;

  /**
   * @throws {RecordError} RECORD_NOT_WRITABLE; RECORD_EXISTS when a complete record is there and no tally says that it
   *   goes on; what `readRun` throws for a record that cannot be continued
   */
  constructor({ identity, dir, tally, hidden = {}, cause, onWarning, now }: KeeperOptions) {
    this.#identity = identity;
    this.#now = now;
    this.#onWarning = onWarning;
    this.#offsetMs = Date.parse(identity.startedAt) - identity.startedMs;
    const before = recordIn(dir);
    if (before !== null && before.file.state === "complete" && tally === null)
      throw new RecordError("RECORD_EXISTS", { dir });
    this.#startedAt = before?.file.startedAt ?? identity.startedAt;
    const startMs = Date.parse(this.#startedAt);
    const firstSecond = Math.floor(startMs / 1000);
    this.#second = Math.floor(Date.parse(identity.startedAt) / 1000);
    const load = new GeneratorLoad();
    let all = new Recording();
    let openFrom = firstSecond;
    if (before !== null) {
      all = loadRecording(before).recording;
      load.restore(before.file);
      for (const { second } of timelineRows(before)) openFrom = firstSecond + second + 1;
    }
    this.#live = new LiveRecording({ firstSecond, openFrom, hasBuckets: identity.part !== null }, all, load);
    if (tally !== null) this.reconcile(tally, cause);
    all.raiseHidden(hidden);
    try {
      this.#files = new RecordFiles(dir, startMs, before?.file.files);
      this.#commit(null);
    } catch (error) {
      throw notWritable(dir, error);
    }
  }

  totals(): Totals {
    this.#live.settle(this.#second);
    return this.#live.all.totals();
  }

  durations(): DurationSnapshot {
    this.#live.settle(this.#second);
    return durationSnapshot(this.#live.all, this.#verdict().level);
  }

  figures(): LiveFigures {
    this.#live.settle(this.#second);
    const { byServer } = this.#live.load.sessions();
    const sessionsPeak = Object.fromEntries(Object.entries(byServer).map(([server, { peak }]) => [server, peak]));
    return liveFigures(this.#live.all, { sessionsPeak, generator: this.#verdict() });
  }

  #verdict(): GeneratorVerdict {
    return generatorVerdict(this.#runFile(null, { latencyBytes: 0, timelineBytes: 0 }));
  }

  /** @returns how many samples the batch held */
  take({ nowMs, names, numbers, late, hidden, failures, facts, gauges }: BatchMessage): number {
    const live = this.#live;
    this.#names.push(...names);
    this.#second = this.#secondOf(nowMs);
    forEachSample(numbers, this.#names, (sample, to) => {
      const second = this.#secondOf(sample.endMs);
      if (to === null) live.record(sample, second);
      else live.move(sample, to, second);
    });
    for (let at = 0; at + 1 < late.length; at += 2) {
      live.delivered(late[at] ?? 0, this.#secondOf(late[at + 1] ?? nowMs));
    }
    for (const [name, times] of hidden) live.hidden(name, times);
    for (const failure of failures) live.all.failure(failure);
    for (const fact of facts) live.fact(fact);
    if (failures.length > 0) this.#hasNewFailures = true;
    if (gauges !== null) live.gauges(gauges, this.#second);
    return samplesIn(numbers);
  }

  reconcile(tally: Tally, cause: Gap["cause"]): void {
    this.#live.settle(this.#second);
    this.#live.all.reconcile(tally, this.#nowIso(), cause);
  }

  /** Brings the files up to date. Never throws: what the disk refuses is kept and tried again. */
  flush(): void {
    this.#live.settle(this.#second);
    if (this.#live.hasNews) this.#tryCommit(null);
  }

  /** @returns false when the disk refused the last commit */
  stop(endReason: string, tally: Tally | null): boolean {
    this.#live.settle(Number.POSITIVE_INFINITY);
    if (tally !== null) this.#live.all.reconcile(tally, this.#nowIso(), "at-stop");
    return this.#tryCommit(endReason);
  }

  #tryCommit(endReason: string | null): boolean {
    try {
      this.#commit(endReason);
      if (this.#isFailing) this.#onWarning(`the run record in ${this.#files.dir} is written again, nothing was lost`);
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) {
        this.#onWarning(
          `the run record in ${this.#files.dir} cannot be written (${systemCode(error)}); counting goes on, it is tried again every second`,
        );
      }
      this.#isFailing = true;
      return false;
    }
  }

  #commit(endReason: string | null): void {
    const live = this.#live;
    let latencies = live.unwrittenLatencies();
    if (!this.#files.isIntact && !this.#isFolderLost) {
      this.#isFolderLost = true;
      live.all.addGap(this.#nowIso(), "folder-lost");
    }
    if (this.#isFolderLost) {
      this.#files.startOver();
      latencies = live.wholeLatencies();
      this.#hasNewFailures = true;
    }
    this.#files.commit({
      latencies,
      rows: live.unwrittenRows(),
      run: (files) => this.#runFile(endReason, files),
      failures: this.#hasNewFailures ? live.all.failures.groups() : null,
    });
    live.written();
    this.#hasNewFailures = false;
    this.#isFolderLost = false;
  }

  #runFile(endReason: string | null, files: RunFile["files"]): RunFile {
    const { id, part, plan, versions, servers } = this.#identity;
    const now = this.#nowIso();
    return {
      schema: RUN_SCHEMA,
      id,
      part,
      state: endReason === null ? "running" : "complete",
      endReason,
      clock: this.#clock,
      startedAt: this.#startedAt,
      endedAt: endReason === null ? null : now,
      updatedAt: now,
      plan: { ...plan },
      versions: { ...versions },
      servers: { ...servers },
      ...this.#live.all.toRunFile(),
      sessions: this.#live.load.sessions(),
      generator: this.#live.load.generator(),
      parts: [],
      files,
    };
  }

  #secondOf(monotonicMs: number): number {
    return Math.floor((monotonicMs + this.#offsetMs) / 1000);
  }

  #nowIso(): string {
    return new Date(this.#now()).toISOString();
  }
}

const recordIn = (dir: string): RunRecord | null => {
  try {
    return readRun(dir);
  } catch (error) {
    if (!(error instanceof RecordError)) throw notWritable(dir, error);
    if (error.code === "RECORD_MISSING") return null;
    throw error;
  }
};

const notWritable = (dir: string, cause: unknown): RecordError =>
  new RecordError("RECORD_NOT_WRITABLE", { dir, cause: systemCode(cause) }, { cause });

const systemCode = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? "unknown";
