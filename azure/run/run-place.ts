/**
 * What this machine knows of a run at Azure: one small file in the folder of its record. It is written before the run is
 * started, so that a killed process or a restarted laptop finds the run again. Holds no token and no SAS address.
 */

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

export const RUN_PLACE_FILE = "azure.json";

const runPlaceSchema = z.object({
  version: z.literal(1),
  testRunId: z.string().regex(/^[a-z0-9_-]{2,50}$/),
  testId: z.string(),
  /** Resource id of the Azure Load Testing resource. */
  resourceId: z.string(),
  dataPlaneHost: z.string(),
  /** Audience of the data plane's tokens. */
  audience: z.string(),
  engines: z.number(),
  /** For the record: what locust.conf said when it was submitted. Empty: submitted elsewhere. */
  plan: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** Submitted elsewhere, and looked at from here: it is never the newest of this folder. */
  isForeign: z.boolean().default(false),
  /** ISO 8601. */
  submittedAt: z.string(),
  portalUrl: z.string().nullable(),
  /** The last that was seen. */
  state: z.string(),
});

export type RunPlace = Readonly<z.output<typeof runPlaceSchema>>;

/** null: not known. */
export const runTimeSecondsOf = ({ plan }: RunPlace): number | null =>
  typeof plan.runTime === "number" ? plan.runTime : null;

/** The state of a run whose start nobody has confirmed: its process was killed between the file and the answer. */
export const STARTING = "STARTING";

/** @param runDir folder of the record; made when it is not there */
export const writeRunPlace = (runDir: string, place: RunPlace): void => {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const file = join(runDir, RUN_PLACE_FILE);
  // One rename: whoever is killed here leaves the former file or the new one.
  writeFileSync(`${file}.new`, `${JSON.stringify(place, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** null: there is none, or it is none of ours. */
export const readRunPlace = (runDir: string): RunPlace | null => {
  try {
    return runPlaceSchema.safeParse(JSON.parse(readFileSync(join(runDir, RUN_PLACE_FILE), "utf8"))).data ?? null;
  } catch {
    // Not there, or not JSON: nothing that a run could be found by.
    return null;
  }
};

/** The runs that are known here, newest first. */
export const runPlaces = (resultsRoot: string): RunPlace[] => {
  let names: string[];
  try {
    names = readdirSync(resultsRoot);
  } catch {
    return []; // No run was ever made here.
  }
  return names
    .flatMap((name) => readRunPlace(join(resultsRoot, name)) ?? [])
    .sort((a, b) => b.submittedAt.localeCompare(a.submittedAt));
};
