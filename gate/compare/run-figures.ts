/**
 * What a comparison needs of one run, and all that `perf-baseline.json` keeps of it: the figures of each name, each with the
 * error that the run itself shows, and what must be alike for two runs to be compared.
 */
import * as z from "zod";
import { GENERATOR_LEVELS } from "../../record/generator-verdict.ts";
import { QUANTITIES } from "./quantity.ts";

const figureSchema = z.object({
  /** Milliseconds, calls a second, or percent. */
  value: z.number().finite(),
  /** Standard error within the run: a share of the value, or points (`scale` of the quantity). Null: too few calls to tell. */
  error: z.number().nonnegative().nullable(),
  /** How sure that error is, in degrees of freedom. Absent: as a known one. */
  freedom: z.number().min(1).optional(),
});
export type Figure = Readonly<z.infer<typeof figureSchema>>;

const nameFiguresSchema = z.object({
  /** Operations of every outcome. */
  count: z.number().int().nonnegative(),
  failures: z.number().int().nonnegative(),
  /** Times are of good answers. What a run has no time of is absent. */
  figures: z.partialRecord(z.enum(QUANTITIES), figureSchema),
});
export type NameFigures = Readonly<z.infer<typeof nameFiguresSchema>>;

const togetherSchema = z.object({
  /** How many times as large the error of all names together is as that of names that have nothing to do with each other. */
  widening: z.number().min(1),
  freedom: z.number().min(1),
});
export type Together = Readonly<z.infer<typeof togetherSchema>>;

export const runFiguresSchema = z.object({
  id: z.string(),
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  /** Why its figures are none to compare with, one sentence each. */
  faults: z.array(z.string()),
  generator: z.enum(GENERATOR_LEVELS),
  load: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  versions: z.record(z.string(), z.string()),
  /** By server: `loopback`, `private`, `public`; `unknown` in old records. */
  targets: z.record(z.string(), z.string()),
  /** Servers whose times count from the planned start. */
  planned: z.array(z.string()),
  /** `rows`: of a run at Azure, in whole milliseconds. */
  source: z.enum(["histograms", "rows"]),
  /** Of the names' times: what slows a second slows all of them. */
  together: z.partialRecord(z.enum(QUANTITIES), togetherSchema),
  all: nameFiguresSchema,
  names: z.record(z.string(), nameFiguresSchema),
});
export type RunFigures = Readonly<z.infer<typeof runFiguresSchema>>;
