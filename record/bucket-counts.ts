/**
 * How often each bucket was hit. A few hits are a list of bucket numbers, many are counters in pages: a second of one name
 * costs hundreds of bytes, a run of it a few kB, where a dense histogram of this range has 23,552 counters.
 */
import { HIGHEST_BUCKET } from "./buckets.ts";

/** Hits in a list, at most. Beyond, pages take less memory or not much more. */
const MOST_LISTED = 256;
const FIRST_LIST = 16;
const LIST_GROWTH = 4;
const PAGE_BITS = 10;
const PAGE_SIZE = 2 ** PAGE_BITS;

/** Counters begin as bytes; a page that counts further is copied to a wider one. */
type Page = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const NO_HITS = new Uint16Array(0);

/** Where a list is sorted by counting: hits by bucket, and one bit for each bucket that was hit. Always left all zero. */
const tally = new Uint16Array(HIGHEST_BUCKET + 1);
const marks = new Uint32Array((HIGHEST_BUCKET >>> 5) + 1);

export class BucketCounts {
  /** Numbers of the buckets that were hit, once for each hit, in any order; null when there are pages. */
  #list: Uint16Array | null = NO_HITS;
  #listed = 0;
  readonly #pages: (Page | undefined)[] = [];
  /** Hits in each page. */
  readonly #totals: number[] = [];

  /** @param hits a whole number above 0 */
  increase(bucket: number, hits: number): void {
    const list = this.#list;
    if (list !== null && hits === 1 && this.#listed < list.length) {
      list[this.#listed++] = bucket;
      return;
    }
    this.#increaseBeyond(bucket, hits);
  }

  /** @param hits at most what `get` says */
  decrease(bucket: number, hits: number): void {
    const list = this.#list;
    if (list === null) {
      this.#count(bucket, -hits);
      return;
    }
    let left = hits;
    for (let at = this.#listed - 1; at >= 0 && left > 0; at--) {
      if (list[at] !== bucket) continue;
      this.#listed -= 1;
      list[at] = list[this.#listed] ?? 0;
      left -= 1;
    }
  }

  get(bucket: number): number {
    const list = this.#list;
    if (list === null) return this.#pages[bucket >>> PAGE_BITS]?.[bucket % PAGE_SIZE] ?? 0;
    let hits = 0;
    for (let at = 0; at < this.#listed; at++) if (list[at] === bucket) hits += 1;
    return hits;
  }

  /** Forgets everything; room for a list stays. */
  clear(): void {
    this.#list ??= NO_HITS;
    this.#listed = 0;
    this.#pages.length = 0;
    this.#totals.length = 0;
  }

  add(other: BucketCounts): void {
    const { length } = other.#pages;
    if (other.#list !== null) {
      for (let at = 0; at < other.#listed; at++) this.increase(other.#list[at] ?? 0, 1);
      return;
    }
    if (this.#list !== null) this.#spread(this.#list);
    for (let number = 0; number < length; number++) {
      const page = other.#pages[number];
      if (page === undefined) continue;
      if (this.#pages[number] === undefined) {
        this.#makeRoom(number);
        this.#pages[number] = page.slice();
        this.#totals[number] = other.#totals[number] ?? 0;
      } else forEachIn(page, number, (bucket, hits) => this.#count(bucket, hits));
    }
  }

  /** Buckets that were hit, in ascending order. */
  forEach(visit: (bucket: number, hits: number) => void): void {
    const list = this.#list;
    if (list === null) {
      for (let number = 0; number < this.#pages.length; number++) {
        const page = this.#pages[number];
        if (page !== undefined) forEachIn(page, number, visit);
      }
      return;
    }
    sortByCounting(list, this.#listed);
    for (let at = 0; at < this.#listed; ) {
      const from = at;
      const bucket = list[from] ?? 0;
      while (at < this.#listed && list[at] === bucket) at += 1;
      visit(bucket, at - from);
    }
  }

  /**
   * The buckets in which the hits of these ranks lie, counted from the smallest as 1.
   * @param ranks ascending, none beyond the number of hits
   */
  atRanks(ranks: readonly number[]): number[] {
    const found: number[] = [];
    let walked = 0;
    let wanted = ranks[0] ?? Number.POSITIVE_INFINITY;
    // Not by `forEach`: most of a long histogram lies below the wanted ranks, and whole pages are passed over.
    for (let number = 0; number < this.#pages.length && found.length < ranks.length; number++) {
      const page = this.#pages[number];
      const total = this.#totals[number] ?? 0;
      if (page === undefined || walked + total < wanted) {
        walked += total;
        continue;
      }
      for (let at = 0; at < page.length; at++) {
        walked += page[at] ?? 0;
        while (walked >= wanted) {
          found.push(number * PAGE_SIZE + at);
          wanted = ranks[found.length] ?? Number.POSITIVE_INFINITY;
        }
      }
    }
    const list = this.#list;
    if (list === null) return found;
    sortByCounting(list, this.#listed);
    return ranks.map((rank) => list[rank - 1] ?? 0);
  }

  #increaseBeyond(bucket: number, hits: number): void {
    const list = this.#list;
    if (list !== null && this.#listed + hits <= MOST_LISTED) {
      this.#list = grown(list, this.#listed + hits);
      this.#list.fill(bucket, this.#listed, this.#listed + hits);
      this.#listed += hits;
      return;
    }
    if (list !== null) this.#spread(list);
    this.#count(bucket, hits);
  }

  #spread(list: Uint16Array): void {
    this.#list = null;
    for (let at = 0; at < this.#listed; at++) this.#count(list[at] ?? 0, 1);
    this.#listed = 0;
  }

  #count(bucket: number, hits: number): void {
    const number = bucket >>> PAGE_BITS;
    const at = bucket % PAGE_SIZE;
    let page = this.#pages[number];
    if (page === undefined) {
      this.#makeRoom(number);
      page = new Uint8Array(PAGE_SIZE);
      this.#pages[number] = page;
    }
    this.#totals[number] = (this.#totals[number] ?? 0) + hits;
    const sum = (page[at] ?? 0) + hits;
    page[at] = sum;
    if (page[at] === sum) return;
    const wide = widened(page, sum);
    wide[at] = sum;
    this.#pages[number] = wide;
  }

  /** Leaves no holes: an array with holes is slow to walk. */
  #makeRoom(number: number): void {
    while (this.#pages.length <= number) {
      this.#pages.push(undefined);
      this.#totals.push(0);
    }
  }
}

/** By counting, not by the typed array's own sort: its calls led the profile of a flush, which sorts a thousand short lists. */
const sortByCounting = (list: Uint16Array, length: number): void => {
  let firstWord = marks.length;
  let lastWord = -1;
  for (let at = 0; at < length; at++) {
    const bucket = list[at] ?? 0;
    const word = bucket >>> 5;
    tally[bucket] = (tally[bucket] ?? 0) + 1;
    marks[word] = (marks[word] ?? 0) | (1 << (bucket & 31));
    if (word < firstWord) firstWord = word;
    if (word > lastWord) lastWord = word;
  }
  let to = 0;
  for (let word = firstWord; word <= lastWord; word++) {
    for (let bits = marks[word] ?? 0; bits !== 0; bits &= bits - 1) {
      const bucket = word * 32 + 31 - Math.clz32(bits & -bits);
      for (let hits = tally[bucket] ?? 0; hits > 0; hits--) list[to++] = bucket;
      tally[bucket] = 0;
    }
    marks[word] = 0;
  }
};

const grown = (list: Uint16Array, length: number): Uint16Array => {
  if (length <= list.length) return list;
  let size = Math.max(FIRST_LIST, list.length);
  while (size < length) size *= LIST_GROWTH;
  const copy = new Uint16Array(size);
  copy.set(list);
  return copy;
};

/** A copy whose counters hold `value`. */
const widened = (page: Page, value: number): Page => {
  if (value < 2 ** 16) return new Uint16Array(page);
  return value < 2 ** 32 ? new Uint32Array(page) : new Float64Array(page);
};

const forEachIn = (page: Page, number: number, visit: (bucket: number, hits: number) => void): void => {
  const first = number * PAGE_SIZE;
  for (let at = 0; at < page.length; at++) {
    const hits = page[at] ?? 0;
    if (hits !== 0) visit(first + at, hits);
  }
};
