/** What a picture of a search shows, however it is drawn. */

import { type Found, UNITS } from "../ceiling/ceiling-file.ts";
import type { Region } from "../ceiling/regions.ts";

export interface Point {
  /** Session count. */
  readonly at: number;
  readonly p99Ms: number;
  readonly isBroken: boolean;
  readonly region: Region | null;
}

export interface Picture {
  /** Ascending; levels that prove nothing, or have no ok answer, have no point. */
  readonly points: readonly Point[];
  readonly limitMs: number;
  readonly unit: string;
}

export const pictureOf = ({ head, levels, regions }: Found): Picture => ({
  points: levels.flatMap(({ sessions, p99Ms, verdict }) =>
    p99Ms === null || verdict === "unproven"
      ? []
      : [{ at: sessions, p99Ms, isBroken: verdict === "broken", region: regions.of.get(sessions) ?? null }],
  ),
  limitMs: head.limits.p99Ms,
  unit: UNITS[head.shape],
});
