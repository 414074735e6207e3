/** Runs of several comparisons on one page: ids are long, so that each has a letter, and one table says whose it is. */
import type { Comparison } from "../../gate/compare/comparison.ts";
import type { Section } from "../document.ts";
import { code } from "../span.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export class LetteredSides {
  /** In the order in which they are compared. */
  readonly #letters = new Map<string, string>();

  constructor(comparisons: readonly Comparison[]) {
    for (const id of comparisons.flatMap(({ before, after }) => [...before, ...after])) {
      if (!this.#letters.has(id)) this.#letters.set(id, letterAt(this.#letters.size));
    }
  }

  /** @returns what has no letter as it is */
  letterOf(id: string): string {
    return this.#letters.get(id) ?? id;
  }

  lettered(comparison: Comparison): Comparison {
    const of = (ids: readonly string[]): string[] => ids.map((id) => this.letterOf(id));
    return { ...comparison, before: of(comparison.before), after: of(comparison.after) };
  }

  key(): Section {
    return {
      id: "runs",
      title: "What was compared",
      blocks: [
        {
          kind: "table",
          caption: "Each by its letter",
          columns: [{ title: "letter" }, { title: "what it is" }],
          rows: [...this.#letters].map(([id, letter]) => [letter, { text: [code(id)] }]),
          shownRows: 30,
        },
      ],
    };
  }
}

/** `A` to `Z`, then `A2`. */
const letterAt = (at: number): string => {
  const round = Math.floor(at / LETTERS.length);
  return `${LETTERS[at % LETTERS.length]}${round === 0 ? "" : round + 1}`;
};
