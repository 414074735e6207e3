/** The schema of `run.json`, the head of a run record, and its reading. docs/run-record.md says it in words. */
import { z } from "zod";
import { factsSchema } from "./facts/facts.ts";
import { HALVES, KINDS } from "./latency-log.ts";
import { originSchema } from "./origin.ts";
import { OUTCOMES } from "./reason.ts";
import { RecordError } from "./record-error.ts";
import { timesSummary } from "./times-summary-schema.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
export const RUN_SCHEMA = 1;

const count = z.number().int();
const isoDate = z.iso.datetime({ offset: true });
/** ISO 8601: of any other text no length of a run can be made. Refined, since its pattern would fill the JSON Schema. */
const moment = z.string().refine((text) => isoDate.safeParse(text).success);
const ms = z.number();

/** Milliseconds; a kind that was never reached is absent. */
const timesByKind = z.partialRecord(z.enum(KINDS), timesSummary);

const byOutcome = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(OUTCOMES), value);
const countsByName = z.record(z.string(), byOutcome(count));

const operationRecord = z.object({
  count,
  failures: count,
  bytesIn: z.number(),
  bytesOut: z.number(),
  outcomes: byOutcome(z.object({ count, times: timesByKind })),
  /** Over all outcomes together. */
  all: timesByKind,
});

const meanAndMax = z.object({ mean: z.number(), max: z.number() });

const generatorMeasure = z.object({
  seconds: count,
  mean: z.number(),
  max: z.number(),
  strainedSeconds: count,
  saturatedSeconds: count,
});

const gap = z.object({
  /** When it was found. */
  at: moment,
  cause: z.enum(["bridge-lost", "thread-lost", "backlog", "at-stop", "folder-lost"]),
  /** Operations that are counted and have no times. */
  lostLatencies: count,
});

const servers = z.record(z.string(), z.record(z.string(), z.unknown()));

export const runFileSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  id: z.string(),
  part: z.string().nullable(),
  state: z.enum(["running", "complete"]),
  endReason: z.string().nullable(),
  /** Equal for processes that read the same wall clock (machine-clock.ts). Absent in merged and in older records. */
  clock: z.string().optional(),
  startedAt: moment,
  endedAt: moment.nullable(),
  updatedAt: moment,
  plan: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  versions: z.record(z.string(), z.string()),
  servers,
  operations: z.record(z.string(), operationRecord),
  /** Tokens, renewals and refused credentials. Records from before there were any lack it. */
  auth: z.record(z.string(), operationRecord).default({}),
  /** Turns, and planned starts: counted and timed as operations are, and in no sum of them. */
  turns: z.record(z.string(), operationRecord).default({}),
  arrivals: z.record(z.string(), operationRecord).default({}),
  /** What is no count and no time of an operation, by kind. */
  facts: factsSchema.default({}),
  harnessDelay: z.record(z.enum(HALVES), timesSummary),
  /** HTTP requests that MCP made on its own. */
  hidden: z.record(z.string(), count),
  sessions: z.object({
    peak: count,
    leftOpen: count,
    byServer: z.record(z.string(), z.object({ peak: count, leftOpen: count })),
  }),
  /** What the generator used, from one reading a second. Cores; null when never read. */
  generator: z.object({
    seconds: count,
    eventLoopDelayP99Ms: meanAndMax,
    eventLoopDelayMaxMs: ms,
    bridgeCpu: meanAndMax,
    locustCpu: meanAndMax.nullable(),
    bridgeRssBytes: meanAndMax,
    usersPeak: count,
    /** By name (generator-measures.ts): the readings, and how many of them were over a threshold. Older records lack it. */
    measures: z.record(z.string(), generatorMeasure).optional(),
  }),
  /** Counts that came from Python's tally alone: they have no times. May be negative. */
  reconciled: countsByName,
  gaps: z.array(gap),
  /** The parts of a merged record, with the state in which each was found. */
  parts: z.array(
    z.object({
      part: z.string(),
      state: z.enum(["running", "complete"]),
      updatedAt: moment,
      clock: z.string().optional(),
    }),
  ),
  /** Whose figures these are, when the run was not one of this machine. */
  origin: originSchema.optional(),
  /** How much of the files beside this one belongs to it, in bytes. What lies behind was written by a process that died. */
  files: z.object({ latencyBytes: count, timelineBytes: count }),
});

export type RunFile = z.infer<typeof runFileSchema>;
export type OperationRecord = z.infer<typeof operationRecord>;
export type Gap = Readonly<z.infer<typeof gap>>;
export type GeneratorRecord = RunFile["generator"];
export type MeasureRecord = z.infer<typeof generatorMeasure>;

/**
 * @throws {RecordError} RECORD_BROKEN for what is not JSON or not of the schema, RECORD_SCHEMA for another version
 */
export const parseRunFile = (text: string, dir: string): RunFile => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordError("RECORD_BROKEN", { dir }, { cause });
  }
  const version = z.object({ schema: z.number() }).safeParse(value);
  if (version.success && version.data.schema !== RUN_SCHEMA) {
    throw new RecordError("RECORD_SCHEMA", { dir, schema: version.data.schema, known: RUN_SCHEMA });
  }
  const parsed = runFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new RecordError("RECORD_BROKEN", { dir, field }, { cause: parsed.error });
};
