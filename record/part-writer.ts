/**
 * Writes the record of a process that ended long ago, from what somebody else kept of its operations. In memory are the
 * sum and the seconds that are still open, bounded by their names, whatever the number of operations.
 */
import { NameList } from "./batch.ts";
import { GeneratorLoad } from "./generator-load.ts";
import { intervalLines } from "./interval-lines.ts";
import { RecordFiles } from "./record-files.ts";
import { Recording } from "./recording.ts";
import { RUN_SCHEMA, type RunFile } from "./run-file.ts";
import type { FailureSample, Sample } from "./sample.ts";
import { rowLine, timelineRow } from "./timeline.ts";

/**
 * Names in open seconds, summed over the seconds. With 20 names the last four minutes are open: operations may come in
 * the order of their starts.
 */
const MOST_OPEN = 5_000;

export interface PartHead
  extends Pick<RunFile, "id" | "part" | "startedAt" | "endedAt" | "endReason" | "plan" | "versions" | "servers"> {
  /** Second of the wall clock after which no operation can have ended. */
  readonly lastSecond: number;
}

export class PartWriter {
  readonly #head: PartHead;
  readonly #files: RecordFiles;
  readonly #firstSecond: number;
  readonly #mostOpen: number;
  readonly #names = new NameList();
  readonly #all = new Recording();
  readonly #open = new Map<number, Recording>();
  #openNames = 0;
  #openFrom: number;
  #moved = 0;

  /** @param dir of the part; made when it is missing @throws what the system throws, here and later */
  constructor(dir: string, head: PartHead, mostOpen = MOST_OPEN) {
    const startMs = Date.parse(head.startedAt);
    this.#head = head;
    this.#files = new RecordFiles(dir, startMs);
    this.#firstSecond = Math.floor(startMs / 1000);
    this.#openFrom = this.#firstSecond;
    this.#mostOpen = mostOpen;
  }

  /** Operations that stand in another second of the timeline than their own: it was written already, or is none of the run. */
  get moved(): number {
    return this.#moved;
  }

  /** @param second of the wall clock in which it ended; `sample.endMs` is not looked at */
  record(sample: Sample, second: number): void {
    const name = this.#names.names[this.#names.indexOf(sample.name)];
    const place = Math.min(Math.max(second, this.#openFrom), Math.max(this.#head.lastSecond, this.#openFrom));
    if (place !== second) this.#moved += 1;
    let open = this.#open.get(place);
    if (open === undefined) {
      open = new Recording();
      this.#open.set(place, open);
    }
    const before = open.size;
    open.record(sample, name);
    this.#openNames += open.size - before;
    if (this.#openNames > this.#mostOpen) this.#closeHalf();
  }

  failure(sample: FailureSample): void {
    this.#all.failure(sample);
  }

  /** Writes what is left, and the head of a complete record. */
  complete(origin: RunFile["origin"]): void {
    this.#commit(this.#seconds(), { state: "complete", ...(origin !== undefined && { origin }) });
  }

  #seconds(): number[] {
    return [...this.#open.keys()].sort((a, b) => a - b);
  }

  /** The newest second stays open: nothing says that it is over. */
  #closeHalf(): void {
    const due: number[] = [];
    let names = this.#openNames;
    for (const second of this.#seconds().slice(0, -1)) {
      if (names <= this.#mostOpen / 2) break;
      names -= this.#open.get(second)?.size ?? 0;
      due.push(second);
    }
    if (due.length > 0) this.#commit(due, { state: "running" });
  }

  #commit(due: readonly number[], end: Pick<RunFile, "state" | "origin">): void {
    let latencies = "";
    let rows = "";
    for (const second of due) {
      const recording = this.#open.get(second) ?? new Recording();
      this.#open.delete(second);
      this.#openNames -= recording.size;
      this.#openFrom = second + 1;
      this.#all.add(recording);
      latencies += intervalLines(recording, second, 1);
      rows += rowLine(timelineRow({ second: second - this.#firstSecond, recording, gauges: null, hasBuckets: true }));
    }
    const { lastSecond: _, ...head } = this.#head;
    this.#files.commit({
      latencies,
      rows,
      run: (files) => ({
        schema: RUN_SCHEMA,
        ...head,
        ...end,
        updatedAt: new Date().toISOString(),
        ...this.#all.toRunFile(),
        ...NOT_MEASURED,
        parts: [],
        files,
      }),
      failures: this.#all.failures.groups(),
    });
  }
}

/** Only a bridge reads these, once a second: `generator.seconds` is 0. */
const NOT_MEASURED: Pick<RunFile, "sessions" | "generator"> = {
  sessions: new GeneratorLoad().sessions(),
  generator: new GeneratorLoad().generator(),
};
