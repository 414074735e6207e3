/** A binary heap of moments, the earliest on top, each with one number. Two flat arrays: a simulation has millions of them. */
export class EventHeap {
  readonly #at: number[] = [];
  readonly #marks: number[] = [];

  push(atMs: number, mark: number): void {
    let hole = this.#at.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.#at[parent] ?? 0) <= atMs) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#at[hole] = atMs;
    this.#marks[hole] = mark;
  }

  pop(): { readonly atMs: number; readonly mark: number } | null {
    const [atMs, mark] = [this.#at[0], this.#marks[0]];
    if (atMs === undefined || mark === undefined) return null;
    const lastAt = this.#at.pop() ?? 0;
    const lastMark = this.#marks.pop() ?? 0;
    const size = this.#at.length;
    if (size > 0) {
      let hole = 0;
      for (let child = 1; child < size; child = 2 * hole + 1) {
        if (child + 1 < size && (this.#at[child + 1] ?? 0) < (this.#at[child] ?? 0)) child += 1;
        if ((this.#at[child] ?? 0) >= lastAt) break;
        this.#move(child, hole);
        hole = child;
      }
      this.#at[hole] = lastAt;
      this.#marks[hole] = lastMark;
    }
    return { atMs, mark };
  }

  #move(from: number, to: number): void {
    this.#at[to] = this.#at[from] ?? 0;
    this.#marks[to] = this.#marks[from] ?? 0;
  }
}
