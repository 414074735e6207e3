/**
 * The bridge's end of the recorder: appends numbers to a batch, posts it to the recorder's thread, and keeps the counts,
 * so that they are exact whatever becomes of the thread, its backlog or the disk.
 */
import { Worker } from "node:worker_threads";
import { Batch, samplesIn } from "./batch.ts";
import type { Fact } from "./facts/fact-kinds.ts";
import { FailureSamples } from "./failure-samples.ts";
import { LiveCounts } from "./live-counts.ts";
import type { LiveFigures } from "./live-figures.ts";
import type { DurationSnapshot } from "./metrics/run-metrics.ts";
import type { Outcome } from "./reason.ts";
import { RecordError } from "./record-error.ts";
import type { Recorder, RunIdentity, Totals } from "./recorder.ts";
import type { Gap } from "./run-file.ts";
import type { FailureSample, Gauges, Sample, Tally } from "./sample.ts";
import { Answer } from "./thread-answer.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread-messages.ts";

/** How long a call waits in the batch. With the flush, less than the second that a killed bridge may cost. */
const POST_EVERY_MS = 100;
const FLUSH_EVERY_MS = 800;
/** Samples that the thread has not taken yet, about 25 MB. Further ones lose their times, never their counts. */
const MOST_WAITING = 262_144;
/** Facts in one message. */
const MOST_FACTS = 2048;
const MOST_RESTARTS = 3;
/** The record of a large run takes well under a second to complete; then the disk hangs. */
const STOP_LIMIT_MS = 10_000;
/** All that the thread makes is short-lived: the default holds 45 MB more at 10,000 calls a second, for the same CPU. */
const YOUNG_GENERATION_MB = 4;

export interface ThreadRecorderOptions {
  /** One sentence for the user's log: the disk refuses, the thread was lost, times were dropped. */
  readonly onWarning?: (text: string) => void;
  /** File that calls `runRecorderThread` when it is not on the main thread. */
  readonly entry: string | URL;
  /** Monotonic clock of the bridge, ms. */
  readonly nowMs?: () => number;
  readonly postEveryMs?: number;
  readonly flushEveryMs?: number;
  readonly mostWaiting?: number;
}

export class ThreadRecorder implements Recorder {
  readonly dir: string;
  readonly #identity: RunIdentity;
  readonly #options: ThreadRecorderOptions;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  readonly #counts = new LiveCounts();
  /** What was sent already: of a thousand equal failures five are worth a message. */
  readonly #samplesSent = new FailureSamples();
  readonly #batch = new Batch();
  #late: number[] = [];
  #freshHidden = new Map<string, number>();
  #freshFailures: FailureSample[] = [];
  #freshFacts: Fact[] = [];
  #freshGauges: Gauges | null = null;
  #namesSent = 0;
  #thread: Worker | null = null;
  #waiting = 0;
  #dropped = 0;
  #hasWarnedOfDrops = false;
  #restarts = 0;
  #stopping: { readonly endReason: string; readonly tally: Tally | null; readonly done: () => void } | null = null;
  #stopped: Promise<void> | null = null;
  readonly #durations = new Answer<DurationSnapshot>();
  readonly #figures = new Answer<LiveFigures>();
  #finalTotals: Totals | null = null;
  #isOver = false;

  constructor(identity: RunIdentity, dir: string, options: ThreadRecorderOptions) {
    this.dir = dir;
    this.#identity = identity;
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#timer = setInterval(() => this.#post(), options.postEveryMs ?? POST_EVERY_MS);
    this.#timer.unref();
  }

  async begin(tally: Tally | null): Promise<void> {
    try {
      this.#counts.restore(await this.#spawn(tally, "bridge-lost"));
    } catch (error) {
      clearInterval(this.#timer);
      throw error;
    }
  }

  operation(sample: Sample): void {
    this.#append(sample, this.#counts.operation(sample), null);
  }

  move(sample: Sample, to: Outcome): void {
    this.#append(sample, this.#counts.move(sample, to), to);
  }

  failure(sample: FailureSample): void {
    if (this.#samplesSent.add(sample)) this.#freshFailures.push(sample);
  }

  delivered(lateMs: number): void {
    this.#late.push(lateMs, this.#nowMs());
  }

  hidden(name: string): void {
    const kept = this.#counts.hidden(name);
    this.#freshHidden.set(kept, (this.#freshHidden.get(kept) ?? 0) + 1);
  }

  fact(fact: Fact): void {
    this.#freshFacts.push(fact);
    if (this.#freshFacts.length >= MOST_FACTS) this.#post();
  }

  gauges(gauges: Gauges): void {
    this.#freshGauges = gauges;
    this.#post();
  }

  async totals(): Promise<Totals> {
    return this.#finalTotals ?? this.#counts.totals();
  }

  async durations(): Promise<DurationSnapshot | null> {
    return this.#asked(this.#durations, { op: "durations" });
  }

  async live(): Promise<LiveFigures | null> {
    return this.#asked(this.#figures, { op: "live" });
  }

  async #asked<T>(answer: Answer<T>, question: ToThread): Promise<T | null> {
    if (this.#thread === null || this.#stopping !== null) return null;
    this.#post();
    return answer.wait(() => this.#send(question));
  }

  stop(endReason: string, tally: Tally | null): Promise<void> {
    this.#stopped ??= this.#stop(endReason, tally);
    return this.#stopped;
  }

  async #stop(endReason: string, tally: Tally | null): Promise<void> {
    clearInterval(this.#timer);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#post();
    if (this.#dropped > 0) this.#makeGood();
    this.#stopping = { endReason, tally, done: resolve };
    const limit = setTimeout(() => {
      this.#warn("the run record could not be completed in time; it ends with the last second that was written");
      resolve();
    }, STOP_LIMIT_MS);
    if (this.#thread === null) resolve();
    else {
      this.#thread.ref();
      this.#send({ op: "stop", endReason, tally, nowMs: this.#nowMs() });
    }
    await promise;
    this.#isOver = true;
    clearTimeout(limit);
    await this.#thread?.terminate();
    this.#thread = null;
  }

  #append(sample: Sample, name: number, to: Outcome | null): void {
    this.#batch.append(sample, name, to);
    if (this.#batch.isFull) this.#post();
  }

  #post(): void {
    const isSomething =
      !this.#batch.isEmpty ||
      this.#late.length > 0 ||
      this.#freshHidden.size > 0 ||
      this.#freshFailures.length > 0 ||
      this.#freshFacts.length > 0 ||
      this.#freshGauges !== null;
    if (!isSomething) return;
    const taken = this.#batch.take();
    const isTooMuch = this.#thread === null || this.#waiting >= (this.#options.mostWaiting ?? MOST_WAITING);
    if (isTooMuch) this.#drop(samplesIn(taken));
    const numbers = isTooMuch ? new Float64Array(0) : taken;
    // A transferred array: to clone two thousand numbers ten times a second was most of a post.
    const late = Float64Array.from(isTooMuch ? [] : this.#late);
    this.#late = [];
    const facts = this.#freshFacts;
    this.#freshFacts = [];
    if (this.#thread === null) return;
    this.#waiting += samplesIn(numbers);
    this.#send(
      {
        op: "batch",
        nowMs: this.#nowMs(),
        names: this.#counts.names.slice(this.#namesSent),
        numbers,
        late,
        hidden: [...this.#freshHidden],
        failures: this.#freshFailures,
        // They are examples of how it was: a thread that falls behind is spared them.
        facts: isTooMuch ? [] : facts,
        gauges: this.#freshGauges,
      },
      [numbers.buffer, late.buffer],
    );
    this.#namesSent = this.#counts.names.length;
    this.#freshHidden = new Map();
    this.#freshFailures = [];
    this.#freshGauges = null;
  }

  #drop(samples: number): void {
    this.#dropped += samples;
    if (samples === 0 || this.#hasWarnedOfDrops) return;
    this.#hasWarnedOfDrops = true;
    this.#warn("the run record falls behind; from here on some operations are counted without their times");
  }

  /** Brings the thread's counts up to ours. Correct only right behind a post: messages arrive in order. */
  #makeGood(): void {
    this.#dropped = 0;
    this.#send({ op: "reconcile", tally: this.#counts.tally(), cause: "backlog" });
  }

  #send(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#thread?.postMessage(message, [...transfer]);
  }

  /** @returns what the thread found in the record @throws {RecordError} when it could not open it */
  #spawn(tally: Tally | null, cause: Gap["cause"]): Promise<Totals> {
    const { promise, resolve, reject } = Promise.withResolvers<Totals>();
    const workerData: ThreadStart = {
      identity: this.#identity,
      dir: this.dir,
      tally,
      hidden: this.#counts.hiddenCounts(),
      cause,
      flushEveryMs: this.#options.flushEveryMs ?? FLUSH_EVERY_MS,
    };
    const thread = new Worker(this.#options.entry, {
      workerData,
      // Variables hold secrets, and it needs none of them.
      env: {},
      name: "recorder",
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#thread = thread;
    this.#waiting = 0;
    this.#namesSent = 0;
    let isReady = false;
    let fault: unknown;
    thread.on("message", (message: FromThread) => {
      switch (message.op) {
        case "ready":
          isReady = true;
          thread.unref();
          if (this.#stopping !== null) thread.ref();
          resolve(message.totals);
          return;
        case "refused":
          fault = new RecordError(message.code, message.detail);
          return;
        case "taken":
          this.#waiting -= message.samples;
          if (this.#dropped > 0 && this.#waiting === 0 && this.#stopping === null) {
            this.#post();
            this.#makeGood();
          }
          return;
        case "durations":
          this.#durations.give(message.durations);
          return;
        case "live":
          this.#figures.give(message.live);
          return;
        case "warning":
          this.#warn(message.text);
          return;
        case "stopped":
          this.#finalTotals = message.totals;
          this.#stopping?.done();
      }
    });
    thread.on("error", (error) => {
      fault = error;
    });
    thread.on("exit", () => {
      this.#thread = null;
      if (!isReady)
        reject(fault instanceof RecordError ? fault : new RecordError("RECORD_THREAD", {}, { cause: fault }));
      else if (this.#finalTotals === null && !this.#isOver) this.#revive();
    });
    return promise;
  }

  /**
   * The thread was lost: another one continues the record from the disk. What the lost one had not written, and what
   * waits in the batch, is in our counts: the new thread is brought up to them.
   */
  #revive(): void {
    if (this.#restarts >= MOST_RESTARTS) {
      this.#warn("the recorder's thread was lost too often; the run record ends here, counting goes on");
      this.#stopping?.done();
      return;
    }
    this.#restarts += 1;
    this.#warn("the recorder's thread was lost and is started again; at most a second of times is missing");
    this.#batch.take();
    this.#late = [];
    this.#dropped = 0;
    this.#freshHidden = new Map();
    const { endReason, tally } = this.#stopping ?? {};
    this.#spawn(this.#counts.tally(), "thread-lost").then(
      () => {
        if (endReason === undefined) return;
        this.#post();
        this.#send({ op: "stop", endReason, tally: tally ?? null, nowMs: this.#nowMs() });
      },
      () => this.#revive(),
    );
  }

  #warn(text: string): void {
    this.#options.onWarning?.(text);
  }
}
