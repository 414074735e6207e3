/** The data plane's routes of runs, their files and their metrics. @see Microsoft's OpenAPI, version 2026-04-01 */

import type { Reply } from "./host.ts";
import type { Json } from "./merge-patch.ts";
import { paged } from "./paging.ts";
import { checked, metricsBody, runBody } from "./request-bodies.ts";
import {
  engineCsv,
  logsZip,
  type RecordFolder,
  type ResultFiles,
  recordFiles,
  reportZip,
  resultsZip,
} from "./result-archives.ts";
import type { Route } from "./routes.ts";
import {
  checkNamespace,
  definitionOf,
  definitions,
  type Measured,
  NAMESPACES,
  namesOf,
  series,
  timespanOf,
} from "./run-metrics.ts";
import { statisticsOf } from "./run-results.ts";
import { invalid, notFound } from "./service-error.ts";
import { attachedRoutes, type DataPlaneParts, MERGE_PATCH, VERSIONS } from "./test-routes.ts";
import type { StoredRun } from "./test-runs.ts";

export interface RunRouteParts extends DataPlaneParts {
  readonly portal: string;
  readonly archives: {
    /** Put into results.zip of runs that end from now on. */
    records: readonly RecordFolder[];
    /** Runs that end from now on are too large for files: they have only a container. */
    isLarge: boolean;
  };
}

const METRIC_QUERY = ["metricname", "metricNamespace", "timespan", "interval"] as const;

export const runRoutes = (parts: RunRouteParts): readonly Route[] => {
  const { runs, faults } = parts;
  const run = (at: Readonly<Record<string, string>>): StoredRun => runs.get(at.testRunId ?? "");
  const base = "/test-runs/{testRunId}";
  return [
    {
      method: "GET",
      path: "/test-runs",
      versions: VERSIONS,
      query: [
        "orderby",
        "search",
        "testId",
        "testIds",
        "executionFrom",
        "executionTo",
        "status",
        "maxpagesize",
        "createdByTypes",
        "continuationToken",
      ],
      handle: async ({ call, query }) => {
        if (query.has("testId") && query.has("testIds"))
          throw invalid("testId and testIds exclude each other.", "testId");
        const ids = (query.get("testId") ?? query.get("testIds"))?.split(",");
        const states = query.get("status")?.split(",");
        const chosen = [...runs.byId.values()].filter(
          (one) => (ids?.includes(one.testId) ?? true) && (states?.includes(runs.stateOf(one)) ?? true),
        );
        const newestFirst = chosen.reverse().sort((a, b) => b.createdMs - a.createdMs);
        const isAscending = /^(?:createdDateTime|executedDateTime) asc$/.test(query.get("orderby") ?? "");
        const ordered = isAscending ? newestFirst.reverse() : newestFirst;
        return ok(paged(await Promise.all(ordered.map((one) => runJson(parts, one))), call.url));
      },
    },
    {
      method: "GET",
      path: base,
      versions: VERSIONS,
      handle: async ({ at }) => {
        const found = run(at);
        if (runs.hasEnded(found)) found.readsSinceEnd += 1;
        const isExpired = runs.hasEnded(found) && isShown(parts, found) && faults.expiredLinks > 0;
        if (isExpired) faults.expiredLinks -= 1;
        return ok(await runJson(parts, found, isExpired ? -60_000 : undefined));
      },
    },
    {
      method: "PATCH",
      path: base,
      versions: VERSIONS,
      query: ["oldTestRunId"],
      body: MERGE_PATCH,
      handle: async ({ at, json, query }) => {
        const patch = checked(runBody, json) as Json;
        const { run: found, isNew } = runs.patch(at.testRunId ?? "", patch, query.get("oldTestRunId"));
        return { status: isNew ? 201 : 200, json: await runJson(parts, found) };
      },
    },
    {
      method: "DELETE",
      path: base,
      versions: VERSIONS,
      handle: ({ at }) => {
        runs.delete(run(at));
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: `${base}:stop`,
      versions: VERSIONS,
      handle: async ({ at }) => {
        const found = run(at);
        runs.stop(found);
        return ok(await runJson(parts, found));
      },
    },
    {
      method: "GET",
      path: `${base}/files/{fileName}`,
      versions: VERSIONS,
      handle: async ({ at }) => {
        const found = run(at);
        const output = (await artifacts(parts, found)) ?? {};
        const file = Object.values(output).find((info) => (info as Json).fileName === at.fileName);
        if (file === undefined) throw notFound("FileNotFound", `The run has no file '${at.fileName}'.`);
        return ok(file);
      },
    },
    ...attachedRoutes(base, (at) => ({ owner: run(at), ids: { testRunId: at.testRunId } })),
    {
      method: "GET",
      path: `${base}/metric-namespaces`,
      versions: VERSIONS,
      handle: ({ at }) => {
        run(at);
        return ok({ value: NAMESPACES.map((name) => ({ name, description: name })) });
      },
    },
    {
      method: "GET",
      path: `${base}/metric-definitions`,
      versions: VERSIONS,
      query: ["metricNamespace"],
      handle: ({ at, query }) => {
        run(at);
        checkNamespace(query);
        return ok(query.get("metricNamespace") === NAMESPACES[0] ? definitions() : { value: [] });
      },
    },
    {
      method: "GET",
      path: `${base}/metric-dimensions/{name}/values`,
      versions: VERSIONS,
      query: METRIC_QUERY,
      handle: ({ at, query }) => {
        definitionOf(query);
        timespanOf(query);
        return ok({ name: at.name, value: namesOf(measured(parts, run(at))) });
      },
    },
    {
      method: "POST",
      path: `${base}/metrics`,
      versions: VERSIONS,
      query: [...METRIC_QUERY, "aggregation"],
      body: "application/json",
      isBodyOptional: true,
      handle: ({ at, query, json }) => {
        const found = run(at);
        const filters = checked(metricsBody, json)?.filters ?? [];
        if (faults.metricsMissing > 0) {
          faults.metricsMissing -= 1;
          throw notFound("MetricsNotFound", "The run has no metrics yet.");
        }
        return ok({ value: series(measured(parts, found), query, filters) });
      },
    },
  ];
};

const ok = (json: unknown): Reply => ({ status: 200, json });

const measured = ({ runs }: RunRouteParts, run: StoredRun): Measured | null => {
  const execution = runs.execution(run);
  if (execution === null) return null;
  return { rows: runs.rowsOf(run), startMs: execution.startMs, spanMs: run.executingMs, users: run.users };
};

/** Whether the service has caught up with the run's end. */
const isShown = ({ runs, faults }: RunRouteParts, run: StoredRun): boolean =>
  runs.hasEnded(run) && runs.execution(run) !== null && run.readsSinceEnd > faults.statisticsLagReads;

const isoOf = (atMs: number | null | undefined): string | undefined =>
  atMs === null || atMs === undefined ? undefined : new Date(atMs).toISOString();

/** @param linkMs life of its links; absent: the usual one */
const runJson = async (parts: RunRouteParts, run: StoredRun, linkMs?: number): Promise<Json> => {
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
const artifacts = async (parts: RunRouteParts, run: StoredRun, linkMs = parts.timing.linkMs): Promise<Json | null> => {
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
