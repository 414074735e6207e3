/** The rows of a comparison before anything is said of them: each name, all of them, the same work, with what changed in each. */
import { type Change, changeOf } from "./change.ts";
import { QUANTITIES, type Quantity } from "./quantity.ts";
import type { Figure, NameFigures, RunFigures } from "./run-figures.ts";
import { sameWork } from "./same-work.ts";

/** `work`: all names, each with the same weight in every run; it has no counts of its own. */
export type RowKind = "all" | "work" | "name";

/** What cannot be told is null; what no run has is absent. */
export type Changes<Each extends Change = Change> = Partial<Record<Quantity, Each | null>>;

export interface ChangedRow {
  readonly kind: RowKind;
  /** As a reader sees it; of a name, the name. */
  readonly title: string;
  /** Operations of all runs of a side; null: not in every run of it. */
  readonly before: number | null;
  readonly after: number | null;
  readonly changes: Readonly<Changes>;
}

/** @returns all operations, the same work, then each name in order */
export const changedRows = (before: readonly RunFigures[], after: readonly RunFigures[]): ChangedRow[] => {
  const names = [...new Set([...before, ...after].flatMap((run) => Object.keys(run.names)))].sort();
  const work = sameWork([...before, ...after]);
  const named = (runs: readonly RunFigures[], name: string): (NameFigures | undefined)[] =>
    runs.map((run) => (Object.hasOwn(run.names, name) ? run.names[name] : undefined));
  return [
    rowOf(
      "all",
      "all operations",
      before.map(({ all }) => all),
      after.map(({ all }) => all),
    ),
    {
      kind: "work",
      title: "the same work",
      before: null,
      after: null,
      changes: changesOf(work.slice(0, before.length), work.slice(before.length)),
    },
    ...names.map((name) => rowOf("name", name, named(before, name), named(after, name))),
  ];
};

const rowOf = (
  kind: RowKind,
  title: string,
  before: readonly (NameFigures | undefined)[],
  after: readonly (NameFigures | undefined)[],
): ChangedRow => ({
  kind,
  title,
  before: countOf(before),
  after: countOf(after),
  changes: changesOf(
    before.map((each) => each?.figures ?? {}),
    after.map((each) => each?.figures ?? {}),
  ),
});

const countOf = (side: readonly (NameFigures | undefined)[]): number | null =>
  side.includes(undefined) ? null : side.reduce((sum, each) => sum + (each?.count ?? 0), 0);

type Figures = Partial<Readonly<Record<Quantity, Figure>>>;

const changesOf = (before: readonly Figures[], after: readonly Figures[]): Changes => {
  const changes: Changes = {};
  for (const quantity of QUANTITIES) {
    const [left, right] = [before.map((each) => each[quantity]), after.map((each) => each[quantity])];
    if ([...left, ...right].every((figure) => figure === undefined)) continue;
    changes[quantity] = changeOf(quantity, left, right);
  }
  return changes;
};
