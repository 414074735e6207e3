/** The data plane's routes of runs, their files and their metrics. @see Microsoft's OpenAPI, version 2026-04-01 */

import type { Reply } from "./host.ts";
import type { Json } from "./merge-patch.ts";
import { paged } from "./paging.ts";
import { checked, metricsBody, runBody } from "./request-bodies.ts";
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
import { artifacts, isShown, type RunParts, runJson } from "./run-view.ts";
import { invalid, notFound } from "./service-error.ts";
import { attachedRoutes, MERGE_PATCH, VERSIONS } from "./test-routes.ts";
import type { StoredRun } from "./test-runs.ts";

const METRIC_QUERY = ["metricname", "metricNamespace", "timespan", "interval"] as const;

export const runRoutes = (parts: RunParts): readonly Route[] => {
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

const measured = ({ runs }: RunParts, run: StoredRun): Measured | null => {
  const execution = runs.execution(run);
  if (execution === null) return null;
  return { rows: runs.rowsOf(run), startMs: execution.startMs, spanMs: run.executingMs, users: run.users };
};
