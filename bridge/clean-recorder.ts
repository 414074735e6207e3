import type { Fact } from "../record/facts/fact-kinds.ts";
import { cleanFact } from "../record/facts/facts.ts";
import type { LiveFigures } from "../record/live-figures.ts";
import type { DurationSnapshot } from "../record/metrics/run-metrics.ts";
import type { Outcome } from "../record/reason.ts";
import type { Recorder, RunIdentity, Totals } from "../record/recorder.ts";
import type { FailureSample, Gauges, Sample, Tally } from "../record/sample.ts";
import type { Redactor } from "./redactor.ts";

/** A recorder behind the redactor: no name and no detail reaches the run record with a secret in it. */
export class CleanRecorder implements Recorder {
  readonly #recorder: Recorder;
  readonly #redactor: Redactor;

  constructor(recorder: Recorder, redactor: Redactor) {
    this.#recorder = recorder;
    this.#redactor = redactor;
  }

  get dir(): string {
    return this.#recorder.dir;
  }

  operation(sample: Sample): void {
    this.#recorder.operation(this.#named(sample));
  }

  failure(sample: FailureSample): void {
    const { name, outcome, detail } = sample;
    this.#recorder.failure({ name: this.#redactor.clean(name), outcome, detail: this.#redactor.clean(detail) });
  }

  delivered(lateMs: number): void {
    this.#recorder.delivered(lateMs);
  }

  hidden(name: string): void {
    this.#recorder.hidden(this.#redactor.clean(name));
  }

  move(sample: Sample, to: Outcome): void {
    this.#recorder.move(this.#named(sample), to);
  }

  fact(fact: Fact): void {
    this.#recorder.fact(cleanFact(fact, (text) => this.#redactor.clean(text)));
  }

  gauges(gauges: Gauges): void {
    this.#recorder.gauges(gauges);
  }

  totals(): Promise<Totals> {
    return this.#recorder.totals();
  }

  durations(): Promise<DurationSnapshot | null> {
    return this.#recorder.durations();
  }

  live(): Promise<LiveFigures | null> {
    return this.#recorder.live();
  }

  stop(endReason: string, tally: Tally | null): Promise<void> {
    return this.#recorder.stop(this.#redactor.clean(endReason), tally && cleanTally(tally, this.#redactor));
  }

  /** Called for every operation: a copy is made only where the user has put a secret into a name. */
  #named(sample: Sample): Sample {
    const name = this.#redactor.clean(sample.name);
    return name === sample.name ? sample : { ...sample, name };
  }
}

/** Python counts under the names that it was told, which are clean; those that it made while no bridge lived are not. */
const cleanTally = (tally: Tally, redactor: Redactor): Tally =>
  Object.fromEntries(Object.entries(tally).map(([name, counts]) => [redactor.clean(name), counts]));

/** What is known before the first call, without secrets: the plan is Locust's command line. */
export const cleanIdentity = (identity: RunIdentity, redactor: Redactor): RunIdentity => ({
  ...redactor.cleanValue(identity),
  // The folders' names: Python knows them as well, and they must stay the same for both.
  id: identity.id,
  part: identity.part,
  startedAt: identity.startedAt,
});
