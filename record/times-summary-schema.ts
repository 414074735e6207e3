/** A `TimesSummary` as `run.json` holds it, wherever in it. Milliseconds. */
import * as z from "zod";
import type { TimesSummary } from "./times.ts";

const ms = z.number();

export const timesSummary = z.object({
  count: z.number().int(),
  minMs: ms,
  meanMs: ms,
  p50Ms: ms,
  p90Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  p999Ms: ms,
  maxMs: ms,
  sumMs: ms,
} satisfies Record<keyof TimesSummary, z.ZodType<number>>);
