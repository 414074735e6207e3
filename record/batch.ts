/**
 * Samples on their way from the bridge's thread to the recorder's: numbers in one array, names by their place in a list
 * that both sides keep. Appending is all that a call pays for.
 */
import { OUTCOMES, type Outcome } from "./reason.ts";
import { MOST_NAMES, OTHER_NAMES } from "./recording.ts";
import type { Sample } from "./sample.ts";

/** Samples in a full batch. */
export const BATCH_SAMPLES = 2048;

const OPTIONAL = ["serviceMs", "responseMs", "headersMs", "firstEventMs", "connectMs", "beforeMs"] as const;
const NAME = 0;
const OUTCOME = 1;
const TO = 2;
const END = 3;
const BYTES_IN = 4;
const BYTES_OUT = 5;
const FIRST_OPTIONAL = 6;
const STRIDE = FIRST_OPTIONAL + OPTIONAL.length;

const OUTCOME_INDEX = new Map(OUTCOMES.map((outcome, index) => [outcome, index]));
export const outcomeIndex = (outcome: Outcome): number => OUTCOME_INDEX.get(outcome) ?? 0;

/** Gives each name a number, up to the bound of what a record keeps; the rest share one. */
export class NameList {
  readonly #indexes = new Map<string, number>();
  readonly names: string[] = [];

  indexOf(name: string): number {
    return this.#indexes.get(name) ?? this.#append(this.names.length < MOST_NAMES ? name : OTHER_NAMES);
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
    for (let field = 0; field < OPTIONAL.length; field++) {
      const key = OPTIONAL[field];
      numbers[at + FIRST_OPTIONAL + field] = (key === undefined ? undefined : sample[key]) ?? Number.NaN;
    }
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

/** Reads a batch back. `to` as in `Batch.append`. */
export function* unpacked(
  numbers: Float64Array,
  names: readonly string[],
): Generator<{ sample: Sample; to: Outcome | null }> {
  for (let at = 0; at < numbers.length; at += STRIDE) {
    const number = (field: number): number => numbers[at + field] ?? Number.NaN;
    const times: Partial<Record<(typeof OPTIONAL)[number], number>> = {};
    for (const [field, key] of OPTIONAL.entries()) {
      const value = number(FIRST_OPTIONAL + field);
      if (!Number.isNaN(value)) times[key] = value;
    }
    const sample = {
      name: names[number(NAME)] ?? OTHER_NAMES,
      outcome: OUTCOMES[number(OUTCOME)] ?? "bridge",
      endMs: number(END),
      bytesIn: number(BYTES_IN),
      bytesOut: number(BYTES_OUT),
      ...times,
    };
    yield { sample, to: OUTCOMES[number(TO)] ?? null };
  }
}
