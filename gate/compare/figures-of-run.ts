/** The figures of all names of a run, and how far what slows one of them slows the others. Pure arithmetic. */
import { type Block, blocksTogether } from "./blocks.ts";
import { type Counts, figuresOf, type MeasuredName, measuredName } from "./figures-of.ts";
import { TIME_QUANTITIES } from "./quantity.ts";
import type { RunFigures, Together } from "./run-figures.ts";
import { spreadOfSum } from "./serial.ts";

/** @param counted by name, in the order of the result; by the run's head, as `measuredName` takes them */
export const figuresOfRun = (
  blocks: ReadonlyMap<string, readonly Block[]>,
  counted: readonly (readonly [name: string, counts: Counts])[],
  seconds: number,
  resolutionMs = 0,
): Pick<RunFigures, "all" | "names" | "together"> => {
  const whole = counted.reduce(
    (sum, [, { count, failures }]) => ({ count: sum.count + count, failures: sum.failures + failures }),
    { count: 0, failures: 0 },
  );
  const measured = counted.map(
    ([name, counts]) => [name, measuredName(blocks.get(name) ?? [], counts, seconds, resolutionMs)] as const,
  );
  return {
    all: figuresOf(blocksTogether(blocks), whole, seconds, resolutionMs),
    names: Object.fromEntries(measured.map(([name, { deviations: _, ...figures }]) => [name, figures])),
    together: togetherOf(measured.map(([, each]) => each)),
  };
};

/** A slow second slows every name in it, so that all of them together are worth less than their number. */
const togetherOf = (names: readonly MeasuredName[]): RunFigures["together"] => {
  const together: RunFigures["together"] = {};
  for (const quantity of TIME_QUANTITIES) {
    const parts = names.flatMap(({ count, figures, deviations }) => {
      const error = figures[quantity]?.error ?? null;
      const of = deviations[quantity] ?? [];
      return error === null || of.length < 2 ? [] : [{ count, error, of }];
    });
    const total = parts.reduce((sum, { count }) => sum + count, 0);
    const sums: number[] = [];
    let independent = 0;
    for (const { count, error, of } of parts) {
      independent += ((count / total) * error) ** 2;
      for (const [index, each] of of.entries()) sums[index] = (sums[index] ?? 0) + (count / total) * each;
    }
    if (independent > 0) together[quantity] = widened(sums, independent);
  }
  return together;
};

const widened = (sums: readonly number[], independent: number): Together => {
  const { variance, freedom } = spreadOfSum(sums);
  return {
    widening: Number(Math.sqrt(Math.max(1, variance / independent)).toPrecision(4)),
    freedom: Math.round(freedom),
  };
};
