/**
 * All names together, each with the same weight in every run. Percentiles of all operations together move when the mixture of
 * calls does, without any call being slower; this moves only when calls do, and it has all of them to tell it by.
 */
import { type Quantity, TIME_QUANTITIES } from "./quantity.ts";
import type { Figure, RunFigures } from "./run-figures.ts";

/** Names that do less than this share of all operations together do not stand for the run. */
const MOST_OF_IT = 0.5;

/**
 * The weighted geometric mean of the names' values, for each run in order; weights are the counts of all runs together. A name
 * takes part where every run can tell its figure.
 */
export const sameWork = (runs: readonly RunFigures[]): Partial<Record<Quantity, Figure>>[] => {
  const work: Partial<Record<Quantity, Figure>>[] = runs.map(() => ({}));
  const operations = runs.reduce((sum, { all }) => sum + all.count, 0);
  for (const quantity of TIME_QUANTITIES) {
    const names = Object.keys(runs[0]?.names ?? {}).filter((name) =>
      runs.every((run) => isTold(figureAt(run, name, quantity))),
    );
    const weights = names.map((name) => runs.reduce((sum, run) => sum + (own(run, name)?.count ?? 0), 0));
    const total = weights.reduce((sum, each) => sum + each, 0);
    if (total === 0 || total < MOST_OF_IT * operations) continue;
    for (const [index, run] of runs.entries()) {
      let log = 0;
      let variance = 0;
      for (const [at, name] of names.entries()) {
        const { value, error } = figureAt(run, name, quantity) ?? { value: 1, error: 0 };
        const share = (weights[at] ?? 0) / total;
        log += share * Math.log(value);
        variance += (share * (error ?? 0)) ** 2;
      }
      const { widening, freedom } = run.together[quantity] ?? { widening: 1, freedom: 1 };
      work[index] = {
        ...work[index],
        [quantity]: { value: Math.exp(log), error: widening * Math.sqrt(variance), freedom },
      };
    }
  }
  return work;
};

const own = ({ names }: RunFigures, name: string) => (Object.hasOwn(names, name) ? names[name] : undefined);

const figureAt = (run: RunFigures, name: string, quantity: Quantity): Figure | undefined =>
  own(run, name)?.figures[quantity];

const isTold = (figure: Figure | undefined): boolean =>
  figure !== undefined && figure.error !== null && figure.value > 0;
