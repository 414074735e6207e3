/** A few examples for each way to fail, for `failures.json`. Bounded in groups, examples and length, whatever comes. */
import { z } from "zod";
import type { Outcome } from "./reason.ts";
import { OUTCOMES } from "./reason.ts";
import type { FailureSample } from "./sample.ts";

export const SAMPLES_PER_GROUP = 5;
export const MOST_GROUPS = 200;
export const LONGEST_DETAIL = 500;

export const failureGroupSchema = z.object({
  name: z.string(),
  outcome: z.enum(OUTCOMES),
  samples: z.array(z.string()),
});

/** All examples of one name and reason. How often it happened stands in `run.json`. */
export type FailureGroup = Readonly<z.infer<typeof failureGroupSchema>>;

export class FailureSamples {
  readonly #groups = new Map<string, { name: string; outcome: Outcome; samples: string[] }>();

  /** @returns false when the bounds left it out, or the same example is there already */
  add({ name, outcome, detail }: FailureSample): boolean {
    const key = `${outcome} ${name}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= MOST_GROUPS) return false;
      group = { name, outcome, samples: [] };
      this.#groups.set(key, group);
    }
    const text = detail.slice(0, LONGEST_DETAIL);
    if (group.samples.length >= SAMPLES_PER_GROUP || group.samples.includes(text)) return false;
    group.samples.push(text);
    return true;
  }

  addGroups(groups: readonly FailureGroup[]): void {
    for (const { name, outcome, samples } of groups) for (const detail of samples) this.add({ name, outcome, detail });
  }

  groups(): FailureGroup[] {
    return [...this.#groups.values()];
  }
}
