/**
 * Samples on their way from the bridge's thread to the recorder's: numbers in one array, names by their place in a list
 * that both sides keep. Appending is all that a call pays for.
 */
import { OUTCOMES, type Outcome } from "./reason.ts";
import { MOST_NAMES, OTHER_NAMES } from "./recording.ts";
import type { Sample } from "./sample.ts";
import { sectionOf } from "./section.ts";

/** Samples in a full batch. */
const BATCH_SAMPLES = 2048;

const NAME = 0;
const OUTCOME = 1;
const TO = 2;
const END = 3;
const BYTES_IN = 4;
const BYTES_OUT = 5;
const SERVICE = 6;
const RESPONSE = 7;
const HEADERS = 8;
const FIRST_EVENT = 9;
const CONNECT = 10;
const BEFORE = 11;
const UNDER_WAY = 12;
const STRIDE = 13;

const OUTCOME_INDEX = new Map(OUTCOMES.map((outcome, index) => [outcome, index]));
export const outcomeIndex = (outcome: Outcome): number => OUTCOME_INDEX.get(outcome) ?? 0;

/** Gives each name a number, up to the bound of what a record keeps; the rest share one. */
export class NameList {
  readonly #indexes = new Map<string, number>();
  readonly names: string[] = [];

  indexOf(name: string): number {
    return this.#indexes.get(name) ?? this.#append(this.#hasRoomFor(name) ? name : OTHER_NAMES);
  }

  /** The bound is that of `Recording.known`. */
  #hasRoomFor(name: string): boolean {
    return this.names.length < MOST_NAMES || sectionOf(name) === "auth";
  }

  #append(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    this.names.push(name);
    this.#indexes.set(name, this.names.length - 1);
    return this.names.length - 1;
  }
}

export class Batch {
  readonly #numbers = new Float64Array(BATCH_SAMPLES * STRIDE);
  #used = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  get isFull(): boolean {
    return this.#used === this.#numbers.length;
  }

  /** @param to null records the sample; else the recorded sample gets this outcome */
  append(sample: Sample, name: number, to: Outcome | null): void {
    const numbers = this.#numbers;
    const at = this.#used;
    numbers[at + NAME] = name;
    numbers[at + OUTCOME] = outcomeIndex(sample.outcome);
    numbers[at + TO] = to === null ? -1 : outcomeIndex(to);
    numbers[at + END] = sample.endMs;
    numbers[at + BYTES_IN] = sample.bytesIn;
    numbers[at + BYTES_OUT] = sample.bytesOut;
    numbers[at + SERVICE] = sample.serviceMs ?? Number.NaN;
    numbers[at + RESPONSE] = sample.responseMs ?? Number.NaN;
    numbers[at + HEADERS] = sample.headersMs ?? Number.NaN;
    numbers[at + FIRST_EVENT] = sample.firstEventMs ?? Number.NaN;
    numbers[at + CONNECT] = sample.connectMs ?? Number.NaN;
    numbers[at + BEFORE] = sample.beforeMs ?? Number.NaN;
    numbers[at + UNDER_WAY] = sample.underWay ?? Number.NaN;
    this.#used = at + STRIDE;
  }

  /** Empties the batch. @returns a copy of its own, fit to be transferred */
  take(): Float64Array<ArrayBuffer> {
    const taken = this.#numbers.slice(0, this.#used);
    this.#used = 0;
    return taken;
  }
}

export const samplesIn = (numbers: Float64Array): number => numbers.length / STRIDE;

/**
 * Reads a batch back.
 * @param visit gets the same object each time, filled anew, so that no object is made for a sample;
 *   `to` as in `Batch.append`
 */
export const forEachSample = (
  numbers: Float64Array,
  names: readonly string[],
  visit: (sample: Sample, to: Outcome | null) => void,
): void => {
  const sample = new ReadSample();
  for (let at = 0; at < numbers.length; at += STRIDE) {
    sample.name = names[numbers[at + NAME] ?? 0] ?? OTHER_NAMES;
    sample.outcome = OUTCOMES[numbers[at + OUTCOME] ?? 0] ?? "bridge";
    sample.endMs = numbers[at + END] ?? 0;
    sample.bytesIn = numbers[at + BYTES_IN] ?? 0;
    sample.bytesOut = numbers[at + BYTES_OUT] ?? 0;
    sample.serviceMs = optional(numbers[at + SERVICE]);
    sample.responseMs = optional(numbers[at + RESPONSE]);
    sample.headersMs = optional(numbers[at + HEADERS]);
    sample.firstEventMs = optional(numbers[at + FIRST_EVENT]);
    sample.connectMs = optional(numbers[at + CONNECT]);
    sample.beforeMs = optional(numbers[at + BEFORE]);
    sample.underWay = optional(numbers[at + UNDER_WAY]);
    visit(sample, OUTCOMES[numbers[at + TO] ?? -1] ?? null);
  }
};

class ReadSample implements Sample {
  name = OTHER_NAMES;
  outcome: Outcome = "bridge";
  endMs = 0;
  bytesIn = 0;
  bytesOut = 0;
  serviceMs: number | undefined;
  responseMs: number | undefined;
  headersMs: number | undefined;
  firstEventMs: number | undefined;
  connectMs: number | undefined;
  beforeMs: number | undefined;
  underWay: number | undefined;
}

const optional = (number: number | undefined): number | undefined =>
  number === undefined || Number.isNaN(number) ? undefined : number;
