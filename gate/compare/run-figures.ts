/**
 * What a comparison needs of one run, and all that `perf-baseline.json` keeps of it: the figures of each name, each with the
 * error that the run itself shows, and what must be alike for two runs to be compared.
 */
import * as z from "zod";
import { GENERATOR_LEVELS } from "../../record/generator-verdict.ts";
import { QUANTITIES } from "./quantity.ts";

const PLACES = ["local", "azure"] as const;

/** The file is text that anyone may have edited. Nothing measured comes near it, and with less than it no sum overflows. */
const MOST = 1e12;
const number = z.number().nonnegative().max(MOST);
const count = number.int();
const freedom = number.min(1);
const text = z.string().max(1000);

const figureSchema = z.object({
  /** Milliseconds, calls a second, or percent. */
  value: number,
  /** Standard error within the run: a share of the value, or points (`scale` of the quantity). Null: too few calls to tell. */
  error: number.nullable(),
  /** How sure that error is, in degrees of freedom. Absent: as a known one. */
  freedom: freedom.optional(),
});
export type Figure = Readonly<z.infer<typeof figureSchema>>;

const nameFiguresSchema = z
  .object({
    /** Operations of every outcome. */
    count,
    failures: count,
    /** Times are of good answers. What a run has no time of is absent. */
    figures: z.partialRecord(z.enum(QUANTITIES), figureSchema),
  })
  .refine(({ count, failures, figures }) => failures <= count && (figures.errorPercent?.value ?? 0) <= 100);
export type NameFigures = Readonly<z.infer<typeof nameFiguresSchema>>;

const togetherSchema = z.object({
  /** How many times as large the error of all names together is as that of names that have nothing to do with each other. */
  widening: number.min(1),
  freedom,
});
export type Together = Readonly<z.infer<typeof togetherSchema>>;

export const runFiguresSchema = z.object({
  id: text,
  startedAt: text,
  seconds: number,
  /** Why its figures are none to compare with, one sentence each. */
  faults: z.array(z.string()),
  generator: z.enum(GENERATOR_LEVELS),
  load: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  versions: z.record(z.string(), z.string()),
  /** By server: `loopback`, `private`, `public`; `unknown` in old records. */
  targets: z.record(z.string(), z.string()),
  /** Where it was made. Absent: in a baseline from before it was kept. */
  place: z.enum(PLACES).optional(),
  /** The clocks of the machines that made it (machine-clock.ts). Absent: not known, and at Azure. */
  machines: z.array(text).optional(),
  /** By server: a hash of scheme, host and port. None of loopback, where a port says nothing. */
  origins: z.record(z.string(), text).optional(),
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
