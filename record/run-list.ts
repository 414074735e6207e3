/**
 * The runs of a results folder, by no more than the heads of their records: thousands are listed in a second or two. What is
 * no record of ours is counted and left alone.
 */
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isLeftover } from "./delete-run.ts";
import { PARTS, RUN, readIfThere } from "./record-files.ts";
import { RUN_SCHEMA } from "./run-file.ts";

/** Enough to sort runs and to see which had the same load; a tenth of the time that the whole head takes. */
const runHeadSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  id: z.string(),
  state: z.enum(["running", "complete"]),
  startedAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  plan: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  servers: z.record(z.string(), z.object({ targetClass: z.string().optional() })),
  operations: z.record(z.string(), z.unknown()),
});
export type RunHead = Readonly<z.infer<typeof runHeadSchema>>;

export interface ListedRun {
  readonly dir: string;
  /** Of the folder; mostly the run's id. */
  readonly name: string;
  /** Since the epoch. */
  readonly startMs: number;
  /** null: parts of several processes that nobody has merged yet. */
  readonly head: RunHead | null;
}

export interface RunList {
  /** The oldest first. */
  readonly runs: readonly ListedRun[];
  /** Names of folders with a `run.json` that cannot be read: torn, of another version, or of another program. */
  readonly broken: readonly string[];
  /** Folders that are no run records. */
  readonly others: number;
}

/** A record of ten thousand names has 30 MB; more is none that we wrote. */
const LARGEST_HEAD_BYTES = 100 * 2 ** 20;

/** Symbolic links are not followed. @throws what the system throws for a folder that is there and cannot be listed */
export const listRuns = (results: string): RunList => {
  const runs: ListedRun[] = [];
  const broken: string[] = [];
  let others = 0;
  for (const entry of entriesOf(results)) {
    if (!entry.isDirectory() || isLeftover(entry.name)) continue;
    const run = listedRun(join(results, entry.name), entry.name);
    if (run === "broken") broken.push(entry.name);
    else if (run === null) others += 1;
    else runs.push(run);
  }
  runs.sort((a, b) => a.startMs - b.startMs || (a.name < b.name ? -1 : 1));
  return { runs, broken, others };
};

/** @returns null for a folder without a record, `broken` for one whose record cannot be read */
export const listedRun = (dir: string, name: string): ListedRun | "broken" | null => {
  const head = headIn(join(dir, RUN));
  if (head === "broken") return "broken";
  if (head !== null) return { dir, name, startMs: Date.parse(head.startedAt), head };
  const startMs = startOfParts(join(dir, PARTS));
  return typeof startMs === "number" ? { dir, name, startMs, head: null } : startMs;
};

/**
 * Other programs have folders of this name, too, and who prunes deletes what is listed: one head of ours is needed, and no
 * other kind of head may be beside it.
 */
const startOfParts = (folder: string): number | "broken" | null => {
  const startsMs: number[] = [];
  for (const part of partsIn(folder)) {
    const head = headIn(join(folder, part, RUN));
    if (head === "broken") return "broken";
    if (head !== null) startsMs.push(Date.parse(head.startedAt));
  }
  return startsMs.length === 0 ? null : Math.min(...startsMs);
};

const partsIn = (folder: string): string[] => {
  try {
    return entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  } catch {
    return []; // Not ours to read, so not ours to list.
  }
};

const headIn = (path: string): RunHead | "broken" | null => {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_HEAD_BYTES) return "broken";
    return runHeadSchema.safeParse(JSON.parse(readIfThere(path) ?? "")).data ?? "broken";
  } catch (error) {
    return ABSENT.has((error as NodeJS.ErrnoException).code ?? "") ? null : "broken"; // Not JSON, or not to be read.
  }
};

const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);

const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
};
