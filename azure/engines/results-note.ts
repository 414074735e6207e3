/** What a person should know of where a record's figures are from, in one line. */
import type { EngineOrigin } from "../../record/origin.ts";

export interface NoteOptions {
  readonly origins: readonly EngineOrigin[];
  readonly engineCount: number;
  /** Records of engines' bridges that were not used, and why. */
  readonly unused: readonly string[];
}

/** @returns null with nothing to say */
export const resultsNote = ({ origins, engineCount, unused }: NoteOptions): string | null => {
  const facts: string[] = [];
  const rows = origins.filter(({ source }) => source === "rows").map(({ engine }) => engine);
  if (rows.length > 0) {
    const who =
      rows.length === origins.length ? "the engines kept no histograms" : `${rows.join(", ")} kept no histograms`;
    facts.push(`${who} that can be used: their times are whole milliseconds from the service's rows`);
  }
  if (origins.length < engineCount)
    facts.push(`${engineCount - origins.length} of ${engineCount} engines left no results`);
  for (const { engine, brokenRows, difference } of origins) {
    if (brokenRows > 0) facts.push(`${engine}: ${brokenRows} rows cannot be read and are not counted`);
    if (difference > 0) facts.push(`${engine}: its bridge and the service's rows differ by ${difference} operations`);
  }
  facts.push(...unused);
  return facts.length === 0 ? null : facts.join("; ");
};
