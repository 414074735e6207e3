/**
 * Whose figures a record holds when its run was not one of this machine: the engines of a run at Azure, and for each
 * whether its own bridge measured or the service's rows were read. What was not measured is said, never shown as zero.
 */
import { z } from "zod";
import { azureOutcomeSchema } from "./azure-outcome.ts";
import { countText } from "./duration-text.ts";
import { printable } from "./text-table.ts";

const count = z.number().int();

const engineSchema = z.object({
  /** Name of its part. */
  engine: z.string(),
  /** `histograms`: the record that its bridge kept, exact. `rows`: the service's CSV, whole milliseconds. */
  source: z.enum(["histograms", "rows"]),
  /** Its CSV as the service named it; null when there was none. */
  file: z.string().nullable(),
  /** Rows of that CSV that were counted. */
  rows: count,
  /** Rows that are none: too few or too many columns, no time. They are in no count. */
  brokenRows: count,
  /** Rows that are counted, but in the timeline not in their own second: out of order by more than is held open. */
  movedRows: count,
  /** Operations in the bridge's own record; null when there was none that is whole. */
  operations: count.nullable(),
  /** By how much rows and operations differ, summed over the names; 0 when one of them is missing. */
  difference: count,
});

export const originSchema = z.object({
  kind: z.literal("azure"),
  testRunId: z.string(),
  testId: z.string(),
  /** How many engines the run had; `engines` holds those with results. */
  engineCount: count,
  /** The engines' clocks were not compared with each other: seconds of the timeline are theirs. */
  clocks: z.literal("unchecked"),
  engines: z.array(engineSchema),
  /** Records that engines' bridges kept and that were not used, one sentence each with the reason. */
  unused: z.array(z.string()).default([]),
  /** Of these, those with clearly more operations or failures than the rows that were counted, one sentence each. */
  uncounted: z.array(z.string()).optional(),
  /** Absent: nobody has asked Azure how it ended. */
  outcome: azureOutcomeSchema.optional(),
});

export type Origin = Readonly<z.infer<typeof originSchema>>;
export type EngineOrigin = Readonly<z.infer<typeof engineSchema>>;

/** Of the parts of one run, each with its own engine. Nothing when none has an origin. */
export const mergedOrigin = (files: readonly { readonly origin?: Origin | undefined }[]): { origin?: Origin } => {
  const origins = files.flatMap(({ origin }) => origin ?? []);
  const [first] = origins;
  return first === undefined ? {} : { origin: { ...first, engines: origins.flatMap(({ engines }) => engines) } };
};

/** Whether some operations were read from rows: then what a bridge sees besides operations is known in part or not at all. */
export const hasRows = (origin: Origin | undefined): boolean =>
  origin?.engines.some(({ source }) => source === "rows") === true;

/** Of an engine's rows, this part may be none before too much of its load is missing; its last row may be cut in any case. */
const MOST_BROKEN = 0.01;

/** What of the load stands in no count, one sentence each: figures of the rest are not those of the run. */
export const missingLoad = ({ engines, engineCount, uncounted = [] }: Origin): string[] => {
  const broken = engines.filter(
    ({ source, rows, brokenRows }) => source === "rows" && brokenRows > Math.max(1, MOST_BROKEN * (rows + brokenRows)),
  );
  const sum = (of: (engine: EngineOrigin) => number): number => broken.reduce((all, engine) => all + of(engine), 0);
  return [
    ...(engines.length < engineCount
      ? [`${engineCount - engines.length} of ${engineCount} engines left no results`]
      : []),
    ...(broken.length === 0
      ? []
      : [
          `${countText(sum(({ brokenRows }) => brokenRows))} of ${countText(sum(({ rows, brokenRows }) => rows + brokenRows))} rows of ${listed(broken.map(({ engine }) => engine))} cannot be read`,
        ]),
    ...uncounted,
  ];
};

const listed = (engines: readonly string[]): string =>
  engines.length <= 3 ? engines.join(", ") : `${engines.slice(0, 3).join(", ")} and ${engines.length - 3} more`;

type Fact = readonly [label: string, text: string, isWarning?: boolean];

/** For the foot of a summary. */
export const originFacts = (origin: Origin | undefined): Fact[] => {
  if (origin === undefined) return [];
  const { engines, engineCount } = origin;
  const facts: Fact[] = [
    ["azure", `${printable(origin.testRunId)}: ${sourceText(origin)}; the engines' clocks are not compared`],
  ];
  if (engines.length < engineCount) {
    facts.push(["engines", `${engineCount - engines.length} of ${engineCount} engines left no results`, true]);
  }
  for (const { engine, brokenRows, difference, rows, operations } of engines) {
    if (brokenRows > 0)
      facts.push(["rows", `${engine}: ${countText(brokenRows)} rows cannot be read and are not counted`, true]);
    if (difference > 0 && operations !== null) {
      facts.push([
        "rows",
        `${engine}: its bridge counted ${countText(operations)} operations, the rows are ${countText(rows)}; by name they differ by ${countText(difference)}`,
        true,
      ]);
    }
  }
  facts.push(...origin.unused.slice(0, MOST_UNUSED).map((text): Fact => ["engines", printable(text), true]));
  if (origin.unused.length > MOST_UNUSED) {
    facts.push([
      "engines",
      `${origin.unused.length - MOST_UNUSED} more records of engines are not used (run.json, origin)`,
      true,
    ]);
  }
  return facts;
};

/** Of one line each: with 400 engines the others stand in the file alone. */
const MOST_UNUSED = 5;

const ROWS_ARE = "the service's rows: whole ms, and the service time stands for the response time";

/** `2 engines, times from the engines' own histograms`. */
export const sourceText = ({ engines }: Origin): string => {
  const rows = engines.filter(({ source }) => source === "rows").map(({ engine }) => engine);
  const all = `${engines.length} ${engines.length === 1 ? "engine" : "engines"}`;
  if (rows.length === 0) return `${all}, times from the engines' own histograms, exact`;
  if (rows.length === engines.length) return `${all}, times from ${ROWS_ARE}`;
  return `${all}; times of ${rows.join(", ")} from ${ROWS_ARE}; of the others from the engines' own histograms, exact`;
};
