/**
 * What has been read from a record, by question. Several questions that are asked together are answered in one walk over the file;
 * each alone, in one of its own. Kept as long as the record's head is.
 */
import type { RunRecord } from "./read-run.ts";
import type { RunFile } from "./run-file.ts";

export type ReadableRecord = Pick<RunRecord, "dir" | "file">;

/** Made for one walk, told what it walks over, and asked at its end. */
export type Question<Reader, Found> = (record: ReadableRecord) => Reader & { readonly found: () => Found };

export class Answers<Reader> {
  readonly #walk: (record: ReadableRecord, readers: readonly Reader[]) => void;
  /** By question, which is therefore one function for all who ask it. */
  readonly #found = new WeakMap<RunFile, Map<Question<Reader, unknown>, unknown>>();

  constructor(walk: (record: ReadableRecord, readers: readonly Reader[]) => void) {
    this.#walk = walk;
  }

  of<Found>(record: ReadableRecord, question: Question<Reader, Found>): Found {
    this.read(record, [question]);
    return this.#of(record).get(question) as Found;
  }

  /** What somebody has asked before; undefined when nobody has. */
  known<Found>({ file }: ReadableRecord, question: Question<Reader, Found>): Found | undefined {
    return this.#found.get(file)?.get(question) as Found | undefined;
  }

  /** Answers those that have not been asked yet, so that they cost nothing later. */
  read(record: ReadableRecord, questions: readonly Question<Reader, unknown>[]): void {
    const found = this.#of(record);
    const readers = questions
      .filter((question) => !found.has(question))
      .map((question) => [question, question(record)] as const);
    if (readers.length === 0) return;
    this.#walk(
      record,
      readers.map(([, reader]) => reader),
    );
    for (const [question, reader] of readers) found.set(question, reader.found());
  }

  #of({ file }: ReadableRecord): Map<Question<Reader, unknown>, unknown> {
    const known = this.#found.get(file) ?? new Map<Question<Reader, unknown>, unknown>();
    this.#found.set(file, known);
    return known;
  }
}
