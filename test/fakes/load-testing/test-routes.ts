/** The data plane's routes of tests, files, app components and server metrics. @see Microsoft's OpenAPI, version 2026-04-01 */

import type { BlobStorage } from "./blob-storage.ts";
import { isTooLarge, type Reply } from "./host.ts";
import type { LoadTests, StoredFile, StoredTest, Surroundings } from "./load-tests.ts";
import { isMap, type Json, mergePatched } from "./merge-patch.ts";
import { paged } from "./paging.ts";
import { appComponentsBody, checked, serverMetricsBody, testBody } from "./request-bodies.ts";
import type { Route } from "./routes.ts";
import { conflict, notFound, ServiceError } from "./service-error.ts";
import type { StoredRun, TestRuns } from "./test-runs.ts";

export const VERSIONS = ["2026-04-01"] as const;
export const MERGE_PATCH = "application/merge-patch+json";
const CALLER = "fake-caller";

export interface DataPlaneParts extends Surroundings {
  readonly tests: LoadTests;
  readonly runs: TestRuns;
  readonly blobs: BlobStorage;
}

export const testRoutes = (parts: DataPlaneParts): readonly Route[] => {
  const { tests, runs } = parts;
  const route = (method: Route["method"], path: string, more: Partial<Route> & Pick<Route, "handle">): Route => ({
    method,
    path,
    versions: VERSIONS,
    ...more,
  });
  return [
    route("GET", "/tests", {
      query: ["orderby", "search", "lastModifiedStartTime", "lastModifiedEndTime", "maxpagesize", "continuationToken"],
      handle: ({ call, query }) => {
        const search = query.get("search") ?? "";
        const all = [...tests.byId.values()].filter(({ body }) => String(body.displayName ?? "").startsWith(search));
        const newestFirst = all.sort((a, b) => b.modifiedMs - a.modifiedMs);
        const ordered = query.get("orderby") === "lastModifiedDateTime asc" ? newestFirst.reverse() : newestFirst;
        return {
          status: 200,
          json: paged(
            ordered.map((test) => testJson(parts, test)),
            call.url,
          ),
        };
      },
    }),
    route("GET", "/tests/{testId}", { handle: ({ at }) => ok(testJson(parts, tests.get(at.testId ?? ""))) }),
    route("PATCH", "/tests/{testId}", {
      body: MERGE_PATCH,
      handle: ({ at, json }) => {
        const { test, isNew } = tests.patch(at.testId ?? "", checked(testBody, json) as Json);
        return { status: isNew ? 201 : 200, json: testJson(parts, test) };
      },
    }),
    route("DELETE", "/tests/{testId}", {
      handle: ({ at }) => {
        const test = tests.get(at.testId ?? "");
        const active = runs.ofTest(test.testId).find((run) => !runs.hasEnded(run));
        if (active !== undefined) throw conflict("TestHasActiveRun", `The run '${active.testRunId}' is active.`);
        for (const run of runs.ofTest(test.testId)) runs.byId.delete(run.testRunId);
        tests.byId.delete(test.testId);
        return { status: 204 };
      },
    }),
    route("GET", "/tests/{testId}/files", {
      query: ["continuationToken"],
      handle: ({ at, call }) => {
        const test = tests.get(at.testId ?? "");
        return ok(
          paged(
            [...test.files.values()].map((file) => fileJson(parts, test, file)),
            call.url,
          ),
        );
      },
    }),
    route("GET", "/tests/{testId}/files/{fileName}", {
      handle: ({ at }) => {
        const test = tests.get(at.testId ?? "");
        const file = test.files.get(at.fileName ?? "");
        if (file === undefined) throw notFound("FileNotFound", `The test has no file '${at.fileName}'.`);
        return ok(fileJson(parts, test, file));
      },
    }),
    route("PUT", "/tests/{testId}/files/{fileName}", {
      query: ["fileType"],
      body: "application/octet-stream",
      handle: ({ at, call, query }) => {
        const test = tests.get(at.testId ?? "");
        if (isTooLarge(call)) throw new ServiceError(413, "FileTooLarge", "A file may have 50 MB at most.");
        const { fileName = "" } = at;
        const type = query.get("fileType") ?? "ADDITIONAL_ARTIFACTS";
        const file = tests.putFile(test, { name: fileName, type, bytes: call.body });
        return { status: 201, json: fileJson(parts, test, file) };
      },
    }),
    route("DELETE", "/tests/{testId}/files/{fileName}", {
      handle: ({ at }) => {
        tests.deleteFile(tests.get(at.testId ?? ""), at.fileName ?? "");
        return { status: 204 };
      },
    }),
    ...attachedRoutes("/tests/{testId}", ({ testId = "" }) => ({ owner: tests.get(testId), ids: { testId } })),
  ];
};

/** App components and server metrics: of a test and of a run alike. */
export const attachedRoutes = (
  base: string,
  ownerOf: (at: Readonly<Record<string, string>>) => { readonly owner: StoredTest | StoredRun; readonly ids: Json },
): readonly Route[] =>
  (
    [
      { path: "app-components", field: "appComponents", map: "components", schema: appComponentsBody },
      { path: "server-metrics-config", field: "serverMetrics", map: "metrics", schema: serverMetricsBody },
    ] as const
  ).flatMap(({ path, field, map, schema }): readonly Route[] => [
    {
      method: "GET",
      path: `${base}/${path}`,
      versions: VERSIONS,
      handle: ({ at }) => {
        const { owner, ids } = ownerOf(at);
        const present = owner[field];
        if (present === null) throw notFound("ConfigurationNotFound", `There are no ${path}.`);
        return ok({ ...present, ...ids });
      },
    },
    {
      method: "PATCH",
      path: `${base}/${path}`,
      versions: VERSIONS,
      body: MERGE_PATCH,
      handle: ({ at, json }) => {
        const { owner, ids } = ownerOf(at);
        const isNew = owner[field] === null;
        const merged = mergePatched(owner[field] ?? { [map]: {} }, checked(schema, json)) as Json;
        owner[field] = { ...merged, [map]: withIds(merged[map], map) };
        return { status: isNew ? 201 : 200, json: { ...owner[field], ...ids } };
      },
    },
  ]);

/** What the service adds to each entry, read only. */
const withIds = (entries: unknown, map: "components" | "metrics"): Json =>
  Object.fromEntries(
    Object.entries(isMap(entries) ? entries : {}).map(([id, entry]) => [
      id,
      { ...(entry as Json), [map === "components" ? "resourceId" : "id"]: id },
    ]),
  );

const ok = (json: unknown): Reply => ({ status: 200, json });

const testJson = (parts: DataPlaneParts, test: StoredTest): Json => {
  const infos = [...test.files.values()].map((file) => fileJson(parts, test, file));
  const one = (type: string) => infos.find(({ fileType }) => fileType === type);
  const script = one("TEST_SCRIPT");
  const properties = one("USER_PROPERTIES");
  return {
    testId: test.testId,
    ...test.body,
    inputArtifacts: {
      ...(script === undefined ? {} : { testScriptFileInfo: script }),
      ...(properties === undefined ? {} : { userPropFileInfo: properties }),
      additionalFileInfo: infos.filter((info) => info !== script && info !== properties),
    },
    createdDateTime: new Date(test.createdMs).toISOString(),
    createdBy: CALLER,
    lastModifiedDateTime: new Date(test.modifiedMs).toISOString(),
    lastModifiedBy: CALLER,
  };
};

const fileJson = ({ tests, blobs, timing }: DataPlaneParts, test: StoredTest, file: StoredFile): Json => {
  blobs.put(`test-${test.testId}`, file.fileName, file.bytes);
  return tests.fileInfo(file, blobs.link(`test-${test.testId}`, file.fileName, timing.linkMs));
};
