/** Names that only one side has: a tool that is gone makes the rest look quicker or slower without being so. */
import type { ChangedRow } from "./changed-row.ts";
import type { RunFigures } from "./run-figures.ts";

/** A name with less is a rare call that one run happens not to have made. */
const REAL_SHARE = 0.01;
const MOST_NAMED = 5;

/** One sentence each. */
export const oneSidedNotes = (before: readonly RunFigures[], after: readonly RunFigures[]): string[] => {
  const texts = [...only("before", before, after), ...only("after", after, before)];
  const more = texts.length - MOST_NAMED;
  return more <= 0 ? texts : [...texts.slice(0, MOST_NAMED), `${more} more names are on one side only`];
};

const only = (title: string, side: readonly RunFigures[], other: readonly RunFigures[]): string[] => {
  const all = side.reduce((sum, run) => sum + run.all.count, 0);
  return [...new Set(side.flatMap(({ names }) => Object.keys(names)))]
    .filter((name) => other.every(({ names }) => !Object.hasOwn(names, name)))
    .map((name) => ({ name, share: side.reduce((sum, run) => sum + countOf(run, name), 0) / all }))
    .filter(({ share }) => share >= REAL_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => `${name} is only ${title}, ${Math.round(100 * share)}% of the operations there`);
};

const countOf = ({ names }: RunFigures, name: string): number =>
  Object.hasOwn(names, name) ? (names[name]?.count ?? 0) : 0;

/** For a headline: `1 name is only before`; empty when both sides do the same. */
export const oneSidedText = (rows: readonly ChangedRow[]): string => {
  const all = rows.find(({ kind }) => kind === "all");
  const countOn = (side: "before" | "after", other: "before" | "after"): number =>
    rows.filter((row) => row.kind === "name" && row[other] === null && isReal(row[side], all?.[side])).length;
  const texts = [
    ["before", countOn("before", "after")],
    ["after", countOn("after", "before")],
  ] as const;
  return texts
    .filter(([, count]) => count > 0)
    .map(([side, count]) => `${count === 1 ? "1 name is" : `${count} names are`} only ${side}`)
    .join(", ");
};

const isReal = (count: number | null, all: number | null | undefined): boolean =>
  count !== null && count > 0 && count >= REAL_SHARE * (all ?? 0);
