/** How the service shows a run: its state and times at once, statistics and files some reads after its end. */

import type { Json } from "./merge-patch.ts";
import {
  engineCsv,
  logsZip,
  type RecordFolder,
  type ResultFiles,
  recordFiles,
  reportZip,
  resultsZip,
} from "./result-archives.ts";
import { statisticsOf } from "./run-results.ts";
import type { DataPlaneParts } from "./test-routes.ts";
import type { StoredRun } from "./test-runs.ts";

export interface RunParts extends DataPlaneParts {
  readonly portal: string;
  readonly archives: {
    /** Put into results.zip of runs that end from now on. */
    records: readonly RecordFolder[];
    /** Runs that end from now on are too large for files: they have only a container. */
    isLarge: boolean;
  };
}

/** Whether the service has caught up with the run's end. */
export const isShown = ({ runs, faults }: RunParts, run: StoredRun): boolean =>
  runs.hasEnded(run) && runs.execution(run) !== null && run.readsSinceEnd > faults.statisticsLagReads;

const isoOf = (atMs: number | null | undefined): string | undefined =>
  atMs === null || atMs === undefined ? undefined : new Date(atMs).toISOString();

/** @param linkMs life of its links; absent: the usual one */
export const runJson = async (parts: RunParts, run: StoredRun, linkMs?: number): Promise<Json> => {
  const { runs, world, portal } = parts;
  const state = runs.stateOf(run);
  const execution = runs.execution(run);
  const judgement = runs.judgementOf(run);
  const endMs = runs.hasEnded(run) ? runs.timelineOf(run).at(-1)?.atMs : undefined;
  const output = await artifacts(parts, run, linkMs);
  const seconds = runs.secondsOf(run);
  const times = {
    startDateTime: isoOf(run.createdMs),
    endDateTime: isoOf(endMs),
    executedDateTime: isoOf(run.createdMs),
    executionStartDateTime: isoOf(execution?.startMs),
    executionEndDateTime: isoOf(execution?.endMs),
    createdDateTime: isoOf(run.createdMs),
    duration: endMs === undefined ? undefined : endMs - run.createdMs,
  };
  return defined({
    ...run.body,
    testRunId: run.testRunId,
    testId: run.testId,
    status: state,
    ...times,
    passFailCriteria: judgement?.criteria ?? run.body.passFailCriteria,
    testResult: judgement?.testResult,
    errorDetails: runs.hasEnded(run) && run.errors.length > 0 ? run.errors : undefined,
    portalUrl: `${portal}/#blade/Microsoft_Azure_CloudNativeTesting/NewReport//resourceId/${encodeURIComponent(world.resourceId)}/testId/${run.testId}/testRunId/${run.testRunId}`,
    ...(isShown(parts, run)
      ? {
          testRunStatistics: statisticsOf(runs.rowsOf(run), seconds),
          virtualUsers: run.users,
          virtualUserHours: (run.users * seconds) / 3600,
        }
      : {}),
    testArtifacts: output === null ? undefined : { outputArtifacts: output },
  });
};

const defined = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));

/** Files of the run with fresh links; null while there are none. */
export const artifacts = async (
  parts: RunParts,
  run: StoredRun,
  linkMs = parts.timing.linkMs,
): Promise<Json | null> => {
  const { runs, blobs, faults, archives } = parts;
  const execution = runs.execution(run);
  if (execution === null || !isShown(parts, run) || faults.noArtifacts) return null;
  const container = `run-${run.testRunId}`;
  if (!run.hasArchives) {
    run.hasArchives = true;
    const files: ResultFiles = {
      rows: runs.rowsOf(run),
      engines: run.engines,
      users: run.users,
      startMs: execution.startMs,
      spanMs: run.executingMs,
      records: archives.records,
    };
    if (archives.isLarge) {
      for (let engine = 1; engine <= run.engines; engine += 1) {
        blobs.put(container, `engine${engine}_results.csv`, Buffer.from(engineCsv(engine, files)));
      }
      for (const [name, bytes] of recordFiles(archives.records)) blobs.put(container, name, bytes);
    } else {
      blobs.put(container, "results.zip", await resultsZip(files));
      blobs.put(container, "report.zip", await reportZip());
    }
    blobs.put(container, "logs.zip", await logsZip(files));
  }
  const link = (fileName: string): Json => ({ fileName, ...blobs.link(container, fileName, linkMs) });
  if (!blobs.containers.get(container)?.has("results.zip")) {
    return { artifactsContainerInfo: blobs.link(container, null, linkMs) };
  }
  return { resultFileInfo: link("results.zip"), logsFileInfo: link("logs.zip"), reportFileInfo: link("report.zip") };
};
