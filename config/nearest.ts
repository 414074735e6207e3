/** Finds the word that a user most likely meant: the "did you mean" of unknown keys. */

/** More than this many edits apart, two words have nothing to do with each other. */
const MOST_EDITS = 2;

/** @returns the closest of `words` within two edits (insert, delete, replace), or null */
export const nearest = (typed: string, words: readonly string[]): string | null => {
  let best: string | null = null;
  let fewest = MOST_EDITS + 1;
  for (const word of words) {
    // Longer differences cannot be within reach; this also bounds the work for a hostile key of a megabyte.
    if (Math.abs(word.length - typed.length) > MOST_EDITS) continue;
    const edits = editDistance(typed.toLowerCase(), word.toLowerCase());
    if (edits < fewest && edits < word.length) {
      fewest = edits;
      best = word;
    }
  }
  return best;
};

/** Levenshtein's distance, one row at a time. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};
