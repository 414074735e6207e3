/** Which of the downloaded files hold an engine's rows, and which a record that the bridge on an engine kept. */
import { posix } from "node:path";
import { FAILURES, LATENCIES, RUN, TIMELINE } from "../../record/record-files.ts";
import type { ResultSource } from "./result-source.ts";

/** The CSV of one engine: `engine1_results.csv`, in a folder or behind a prefix where there are several regions. */
export interface RowFile {
  readonly source: ResultSource;
  /** As the service counts; several regions may use the same numbers. */
  readonly number: number;
}

/** The four files of a record, as far as they are there. */
export interface OwnFiles {
  /** Its folder, for errors. */
  readonly place: string;
  readonly sources: ReadonlyMap<string, ResultSource>;
  /** Where the folder's path says it. */
  readonly number: number | null;
}

const ROWS = /^(|.*[^a-z])engine[_-]?(\d{1,5})_results\.csv$/i;
const ENGINE_IN_PATH = /(?:^|[^a-z])engine[_-]?(\d{1,5})(?!\d)/gi;
const RECORD_FILES: ReadonlySet<string> = new Set([RUN, LATENCIES, TIMELINE, FAILURES]);

/** Whether a file may be one of these, by its name. */
export const isOfEngine = (name: string): boolean => ROWS.test(name) || RECORD_FILES.has(posix.basename(name));

/** In the order of prefix and number. */
export const rowFiles = (sources: readonly ResultSource[]): RowFile[] =>
  sources
    .flatMap((source) => {
      const [, prefix = "", digits] = ROWS.exec(source.name) ?? [];
      return digits === undefined ? [] : [{ source, prefix, number: Number(digits) }];
    })
    .sort((a, b) => (a.prefix === b.prefix ? a.number - b.number : a.prefix < b.prefix ? -1 : 1));

/** Folders with a record. Of a run of several processes the whole, not its parts beside it. */
export const ownFiles = (sources: readonly ResultSource[]): OwnFiles[] => {
  const folders = new Map<string, Map<string, ResultSource>>();
  for (const source of sources) {
    const file = posix.basename(source.name);
    // Two zips may have folders of the same name.
    const folder = posix.dirname(source.place);
    if (!RECORD_FILES.has(file)) continue;
    const there = folders.get(folder) ?? new Map<string, ResultSource>();
    folders.set(folder, there.set(file, source));
  }
  const whole = [...folders].filter(([, there]) => there.has(RUN) && there.has(LATENCIES));
  const names = new Set(whole.map(([folder]) => folder));
  return whole
    .filter(([folder]) => !names.has(posix.dirname(posix.dirname(folder))))
    .map(([folder, there]) => ({ place: folder, sources: there, number: numberIn(folder) }));
};

const numberIn = (folder: string): number | null => {
  const last = [...folder.matchAll(ENGINE_IN_PATH)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
};
