/** The parts of a run's record while they are made: each engine once, and for each where its figures are from. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { adoptPart } from "../../record/adopt-part.ts";
import { countText } from "../../record/duration-text.ts";
import type { EngineOrigin } from "../../record/origin.ts";
import { readRun } from "../../record/read-run.ts";
import { countDifference, isCovered, isMore, type NameCounts, nameCounts } from "./count-difference.ts";
import type { RowFile } from "./engine-files.ts";
import type { OwnRecord } from "./own-record.ts";
import { writeRowsPart } from "./rows-part.ts";
import { originOf, type RunHead } from "./run-head.ts";

interface Part {
  readonly number: number;
  readonly origin: EngineOrigin;
  readonly counts: NameCounts;
}

/** Why a record is not used, and what of it is then in no count. */
export interface Refusal {
  readonly why: string;
  /** What its bridge has and no row has, as a sentence's end; null when the rows may be all of it. */
  readonly more: string | null;
}

export class EngineParts {
  readonly dir: string;
  readonly #head: RunHead;
  readonly #engineCount: number;
  readonly #parts = new Map<number, Part>();
  /** Number, size and checksum of the CSVs that were read. */
  readonly #seen = new Set<string>();
  /** Numbers that several regions use: they name no engine. */
  readonly #ambiguous = new Set<number>();
  /** Ids that engines gave their runs: each its own, by chance. */
  readonly #adopted = new Set<string>();

  /** @param dir where the parts are written */
  constructor(dir: string, head: RunHead, engineCount: number) {
    this.dir = dir;
    this.#head = head;
    this.#engineCount = engineCount;
  }

  /** In the order of their numbers. */
  get origins(): EngineOrigin[] {
    return [...this.#parts.values()].sort((a, b) => a.number - b.number).map(({ origin }) => origin);
  }

  /**
   * One more engine, from its rows.
   * @returns false for a file that was read already (one may have downloaded the zip and unpacked it besides), and for one
   * without a single line, whose engine has left no results
   */
  async addRows(file: RowFile): Promise<boolean> {
    const number = this.#parts.has(file.number) ? this.#nextNumber() : file.number;
    const engine = nameOf(number);
    const dir = join(this.dir, engine);
    const { origin, copied, isEmpty } = await writeRowsPart({
      dir,
      engine,
      file,
      head: this.#head,
      engineCount: this.#engineCount,
    });
    const key = `${file.number} ${copied.bytes} ${copied.crc}`;
    // Engines of two regions without a row leave the same header.
    if (isEmpty || (origin.rows + origin.brokenRows > 0 && this.#seen.has(key))) {
      rmSync(dir, { recursive: true });
      return false;
    }
    this.#seen.add(key);
    if (number !== file.number) this.#ambiguous.add(file.number);
    this.#parts.set(number, { number, origin, counts: nameCounts(readRun(dir).file) });
    return true;
  }

  /**
   * Puts the record that an engine's bridge kept in the place of its rows, or beside the others where it left no rows.
   * @returns why not
   */
  addOwn({ number, record }: OwnRecord): Refusal | null {
    if (this.#adopted.has(record.file.id)) return { why: "it is there twice", more: null };
    const counts = nameCounts(record.file);
    if (number === null || !this.#canBe(number)) {
      const alike = this.#onlyOneLike(counts);
      if (alike === undefined && this.#parts.size > 0) {
        const parts = [...this.#parts.values()];
        return { why: "nothing says which engine kept it", more: moreThan(parts, counts, "any engine") };
      }
      this.#adopt(alike?.number ?? this.#nextNumber(), record, counts);
      return null;
    }
    const named = this.#parts.get(number);
    if (named !== undefined && !isWithoutRows(named) && !isFor(named, counts)) {
      const { engine } = named.origin;
      return { why: `it does not fit the rows of ${engine}`, more: moreThan([named], counts, engine) };
    }
    this.#adopt(number, record, counts);
    return null;
  }

  /** Takes the place of the rows, where there are some. */
  #adopt(number: number, record: OwnRecord["record"], counts: NameCounts): void {
    const engine = nameOf(number);
    const rows = this.#parts.get(number);
    const origin: EngineOrigin = {
      file: null,
      rows: 0,
      brokenRows: 0,
      movedRows: 0,
      ...rows?.origin,
      engine,
      source: "histograms",
      operations: [...counts.values()].reduce((sum, { count }) => sum + count, 0),
      difference: rows === undefined ? 0 : countDifference(counts, rows.counts).total,
    };
    const { id, plan, endReason } = this.#head;
    rmSync(join(this.dir, engine), { recursive: true, force: true });
    adoptPart(record, join(this.dir, engine), {
      id,
      part: engine,
      // Of the whole run: an engine knows its own share.
      plan,
      endReason,
      versions: { ...this.#head.versions, ...record.file.versions },
      servers: { ...record.file.servers, ...this.#head.servers },
      origin: originOf(this.#head, this.#engineCount, origin),
    });
    this.#adopted.add(record.file.id);
    this.#parts.set(number, { number, origin, counts });
  }

  /** Whether the number names one engine, which has left something or of which nothing else may be left. */
  #canBe(number: number): boolean {
    if (this.#ambiguous.has(number)) return false;
    return this.#parts.has(number) || (number <= this.#engineCount && this.#parts.size < this.#engineCount);
  }

  /** The engine whose rows have exactly these counts, when it is the only one. */
  #onlyOneLike(counts: NameCounts): Part | undefined {
    const alike = [...this.#parts.values()].filter(
      (part) => isFor(part, counts) && countDifference(counts, part.counts).total === 0,
    );
    return alike.length === 1 ? alike[0] : undefined;
  }

  #nextNumber(): number {
    return Math.max(0, ...this.#parts.keys()) + 1;
  }
}

const isFor = ({ origin, counts }: Part, own: NameCounts): boolean =>
  origin.source === "rows" && isCovered(countDifference(own, counts), origin);

/** The service kept a header alone: what the engine's number says is not contradicted by any row. */
const isWithoutRows = ({ origin }: Part): boolean =>
  origin.source === "rows" && origin.rows === 0 && origin.brokenRows === 0;

/** @param whose rows these are */
const moreThan = (parts: readonly Part[], own: NameCounts, whose: string): string | null => {
  const ofRows = parts.filter(({ origin }) => origin.source === "rows");
  const isOver = ({ origin, counts }: Part): boolean => isMore(countDifference(own, counts), origin);
  if (ofRows.length === 0 || !ofRows.every(isOver)) return null;
  const sum = (of: "count" | "failures"): string =>
    countText([...own.values()].reduce((all, each) => all + each[of], 0));
  return `has ${sum("count")} operations, ${sum("failures")} of them failed: clearly more than the rows of ${whose}`;
};

const nameOf = (number: number): string => `engine-${number}`;
