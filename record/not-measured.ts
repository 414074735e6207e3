/** What a record does not say, told instead of left out: a reader takes silence for "nothing was found". */

import { isMeasured } from "./generator-verdict.ts";
import type { RunRecord } from "./read-run.ts";

export interface NotMeasured {
  /** A few words, such as `server memory`. */
  readonly what: string;
  /** Why, and how it could be had. */
  readonly why: string;
}

/** @returns the most important first */
export const notMeasured = ({ file }: RunRecord): readonly NotMeasured[] => [
  ...(isMeasured(file)
    ? []
    : [{ what: "the generator", why: "the record was made of rows that say nothing about it" }]),
  ...(file.facts.serverMemory === undefined
    ? [{ what: "server memory", why: "no `memory` source is set for any server (docs/soak.md)" }]
    : []),
];
