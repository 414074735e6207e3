/**
 * The data plane of Azure Load Testing, as far as it is used: types written by hand, one call a function. When Microsoft's
 * own client can be had, this file is what it replaces.
 * @see Microsoft's OpenAPI of the data plane, version 2026-04-01
 */

import * as z from "zod";
import { printable } from "../../record/text-table.ts";
import type { Question } from "./exchange.ts";
import { said } from "./said.ts";
import type { Service } from "./service.ts";

export const DATA_PLANE_VERSION = "2026-04-01";

/** What is sent for a test. A merge patch (RFC 7396): null removes, absent keeps. */
export interface TestBody {
  readonly displayName?: string;
  readonly description?: string | null;
  readonly kind?: "Locust";
  readonly loadTestConfiguration?: {
    readonly engineInstances: number;
    readonly splitAllCSVs: boolean;
    readonly regionalLoadTestConfig?: readonly { readonly region: string; readonly engineInstances: number }[] | null;
  };
  readonly passFailCriteria?: {
    readonly passFailMetrics: Readonly<Record<string, PassFailMetric | null>>;
    readonly passFailServerMetrics: Readonly<Record<string, PassFailServerMetric | null>>;
  };
  readonly autoStopCriteria?: {
    readonly autoStopDisabled: boolean;
    readonly errorRate?: number;
    readonly errorRateTimeWindowInSeconds?: number;
    readonly maximumVirtualUsersPerEngine?: number;
  } | null;
  readonly secrets?: Readonly<Record<string, { readonly type: "AKV_SECRET_URI"; readonly value: string } | null>>;
  readonly certificate?: { readonly type: "AKV_CERT_URI"; readonly value: string; readonly name: string } | null;
  readonly environmentVariables?: Readonly<Record<string, string | null>>;
  readonly subnetId?: string | null;
  readonly publicIPDisabled?: boolean;
  readonly keyvaultReferenceIdentityType?: IdentityType | null;
  readonly keyvaultReferenceIdentityId?: string | null;
  readonly metricsReferenceIdentityType?: IdentityType | null;
  readonly metricsReferenceIdentityId?: string | null;
  readonly engineBuiltInIdentityType?: IdentityType | "None" | null;
  readonly engineBuiltInIdentityIds?: readonly string[] | null;
}

export type IdentityType = "SystemAssigned" | "UserAssigned";

export interface PassFailMetric {
  readonly clientMetric: string;
  readonly aggregate: string;
  readonly condition: string;
  readonly value: number;
  readonly action: "continue" | "stop";
  readonly requestName?: string;
  /** Read only. */
  readonly actualValue?: number;
  /** Read only. */
  readonly result?: "passed" | "failed" | "undetermined";
}

export interface PassFailServerMetric {
  readonly resourceId: string;
  readonly metricNamespace: string;
  readonly metricName: string;
  readonly aggregation: string;
  readonly condition: string;
  readonly value: number;
  readonly action: "continue" | "stop";
  /** Read only. */
  readonly actualValue?: number;
  /** Read only. */
  readonly result?: "passed" | "failed" | "undetermined";
}

export type ValidationStatus =
  | "NOT_VALIDATED"
  | "VALIDATION_SUCCESS"
  | "VALIDATION_FAILURE"
  | "VALIDATION_INITIATED"
  | "VALIDATION_NOT_REQUIRED"
  /** The service may add some. */
  | (string & {});

export interface TestFile {
  readonly fileName: string;
  readonly fileType: string;
  readonly validationStatus: ValidationStatus;
  readonly validationFailureDetails: string | null;
  /** A SAS address: a secret for as long as it lives. */
  readonly link?: string | undefined;
}

/** A test as the service has it: somebody else may have made it, of another kind and with other secrets. */
export interface RemoteTest extends Omit<TestBody, "kind" | "secrets" | "certificate"> {
  readonly kind?: string;
  readonly secrets?: Readonly<Record<string, { readonly type: string; readonly value?: string }>>;
  readonly certificate?: { readonly type: string; readonly value: string; readonly name: string };
  readonly testId: string;
  readonly files: readonly TestFile[];
  readonly lastModifiedDateTime: string | null;
}

export const RUN_STATES = [
  "ACCEPTED",
  "NOTSTARTED",
  "PROVISIONING",
  "PROVISIONED",
  "CONFIGURING",
  "CONFIGURED",
  "EXECUTING",
  "EXECUTED",
  "DEPROVISIONING",
  "DEPROVISIONED",
  "DONE",
  "CANCELLING",
  "CANCELLED",
  "FAILED",
  "VALIDATION_SUCCESS",
  "VALIDATION_FAILURE",
] as const;
/** The service may add states: what is not listed is a state like any other that has not ended. */
export type RunState = (typeof RUN_STATES)[number] | (string & {});

export const ENDED_STATES: ReadonlySet<RunState> = new Set(["DONE", "CANCELLED", "FAILED", "VALIDATION_FAILURE"]);

export interface Artifact {
  /** A SAS address: a secret for as long as it lives (60 minutes). */
  readonly url: string;
  readonly fileName: string;
  readonly expireDateTime: string | null;
}

/** Of one name, or of all (`Total`). Times in ms. */
export interface RunStatistics {
  readonly transaction: string;
  readonly sampleCount: number;
  readonly errorCount: number;
  readonly errorPct: number;
  readonly meanResTime: number;
  readonly medianResTime: number;
  readonly minResTime: number;
  readonly maxResTime: number;
  /** p90, p95, p99: the service's own names. */
  readonly pct1ResTime: number;
  readonly pct2ResTime: number;
  readonly pct3ResTime: number;
  readonly throughput: number;
}

export interface RemoteRun {
  readonly testRunId: string;
  readonly testId: string;
  readonly displayName: string;
  readonly status: RunState;
  readonly testResult: "PASSED" | "FAILED" | "NOT_APPLICABLE" | null;
  readonly passFailCriteria: TestBody["passFailCriteria"] | null;
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
  readonly executionStartDateTime: string | null;
  readonly executionEndDateTime: string | null;
  readonly virtualUsers: number | null;
  readonly virtualUserHours: number | null;
  readonly portalUrl: string | null;
  readonly statistics: Readonly<Record<string, RunStatistics>>;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly artifacts: {
    readonly results: Artifact | null;
    readonly logs: Artifact | null;
    readonly report: Artifact | null;
    /** Long or large runs have only this: a SAS address of a container. */
    readonly container: { readonly url: string; readonly expireDateTime: string | null } | null;
  };
}

/** One row of a metric. */
export interface MetricSeries {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly points: readonly { readonly at: string; readonly value: number }[];
}

export interface MetricQuery {
  readonly name: string;
  readonly namespace: string;
  readonly aggregation: string;
  readonly interval: "PT5S" | "PT10S" | "PT1M" | "PT5M" | "PT1H";
  /** ISO 8601, from and to. */
  readonly from: string;
  readonly to: string;
}

/** Where an app component and its metrics are written. */
export interface AppComponentsBody {
  readonly components: Readonly<
    Record<string, { readonly resourceName: string; readonly resourceType: string; readonly kind?: string } | null>
  >;
}

export interface ServerMetricsBody {
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly resourceId: string;
        readonly metricNamespace: string;
        readonly name: string;
        readonly aggregation: string;
        readonly resourceType: string;
      } | null
    >
  >;
}

/**
 * Every call rejects with AzureError. Throttling and 5xx are retried with Retry-After inside a call; a call that is given up
 * says so with AZURE_THROTTLED or AZURE_UNREACHABLE, and may be made again.
 */
export interface DataPlane {
  /** null: there is none. */
  readonly test: (testId: string) => Promise<RemoteTest | null>;
  readonly patchTest: (testId: string, body: TestBody) => Promise<RemoteTest>;
  readonly deleteTest: (testId: string) => Promise<void>;
  /** The whole file from its beginning, again after a cut connection. @param onBytes is told how many are sent in all */
  readonly putFile: (
    testId: string,
    file: { readonly name: string; readonly kind: string; readonly bytes: number; readonly path: string },
    onBytes: (sent: number) => void,
  ) => Promise<TestFile>;
  readonly files: (testId: string) => Promise<readonly TestFile[]>;
  readonly deleteFile: (testId: string, name: string) => Promise<void>;
  /** null: none were ever set. */
  readonly appComponents: (testId: string) => Promise<AppComponentsBody | null>;
  readonly patchAppComponents: (testId: string, body: AppComponentsBody) => Promise<void>;
  readonly serverMetrics: (testId: string) => Promise<ServerMetricsBody | null>;
  readonly patchServerMetrics: (testId: string, body: ServerMetricsBody) => Promise<void>;
  /** Starts it; again with the same id is the same run. Asks once: after a lost answer a refusal does not mean that there is no run. */
  readonly startRun: (
    testRunId: string,
    body: { readonly testId: string; readonly displayName: string; readonly description?: string },
  ) => Promise<RemoteRun>;
  readonly run: (testRunId: string) => Promise<RemoteRun | null>;
  /** Newest first, as many as asked for. */
  readonly runs: (testId: string, most: number) => Promise<readonly RemoteRun[]>;
  readonly stopRun: (testRunId: string) => Promise<void>;
  readonly deleteRun: (testRunId: string) => Promise<void>;
  readonly metrics: (testRunId: string, query: MetricQuery) => Promise<readonly MetricSeries[]>;
}

/** @param learn is told of the keys in links to results */
export const dataPlane = (service: Service, learn: (secret: string) => void): DataPlane => {
  const told = (run: RemoteRun): RemoteRun => {
    learnLinks(run, learn);
    return run;
  };
  return {
    test: async (testId) => {
      const found = await service.readOrNull(testAnswer, { method: "get", path: test(testId) });
      for (const { link } of found?.files ?? []) learnLink(link, learn);
      return found;
    },
    patchTest: (testId, body) => service.read(testAnswer, patch(test(testId), body)),
    deleteTest: (testId) => service.remove(test(testId)),
    putFile: (testId, { name, kind, bytes, path }, onBytes) =>
      service.read(fileAnswer, {
        method: "put",
        path: file(testId, name),
        query: { fileType: kind },
        upload: { file: { path, name, bytes }, onBytes },
      }),
    files: (testId) => service.list(pageOf(fileAnswer), { method: "get", path: `${test(testId)}/files` }),
    deleteFile: (testId, name) => service.remove(file(testId, name)),
    appComponents: (testId) => service.readOrNull(componentsAnswer, { method: "get", path: components(testId) }),
    patchAppComponents: (testId, body) => service.do(patch(components(testId), body)),
    serverMetrics: (testId) => service.readOrNull(serverMetricsAnswer, { method: "get", path: metricsOf(testId) }),
    patchServerMetrics: (testId, body) => service.do(patch(metricsOf(testId), body)),
    startRun: async (testRunId, body) =>
      told(await service.read(runAnswer, { ...patch(testRun(testRunId), body), isAskedOnce: true })),
    run: async (testRunId) => {
      const found = await service.readOrNull(runAnswer, { method: "get", path: testRun(testRunId) });
      return found === null ? null : told(found);
    },
    runs: async (testId, most) => {
      const query = { testId, orderby: "createdDateTime desc", maxpagesize: String(Math.min(most, LARGEST_PAGE)) };
      const question: Question = { method: "get", path: "/test-runs", query };
      return (await service.list(pageOf(runAnswer), question, most)).map(told);
    },
    stopRun: (testRunId) => service.do({ method: "post", path: `${testRun(testRunId)}:stop` }),
    deleteRun: (testRunId) => service.remove(testRun(testRunId)),
    metrics: (testRunId, { name, namespace, aggregation, interval, from, to }) =>
      service.list(pageOf(seriesAnswer), {
        method: "post",
        path: `${testRun(testRunId)}/metrics`,
        query: { metricname: name, metricNamespace: namespace, aggregation, interval, timespan: `${from}/${to}` },
        json: { type: "application/json", body: { filters: [] } },
      }),
  };
};

const LARGEST_PAGE = 50;

const test = (testId: string): string => `/tests/${encodeURIComponent(testId)}`;
const file = (testId: string, name: string): string => `${test(testId)}/files/${encodeURIComponent(name)}`;
const components = (testId: string): string => `${test(testId)}/app-components`;
const metricsOf = (testId: string): string => `${test(testId)}/server-metrics-config`;
const testRun = (testRunId: string): string => `/test-runs/${encodeURIComponent(testRunId)}`;

const patch = (path: string, body: unknown): Question => ({
  method: "patch",
  path,
  json: { type: "application/merge-patch+json", body },
});

// Shapes of answers. Nulls are gone by then (without-nulls.ts); fields that are not used may be anything.

/** Shown to people, never compared with anything that they could not have typed. */
const words = (most: number) => z.string().transform((text) => said(text, most));
/** A name of what is measured: shown, and compared with what was tested. */
const name = z
  .string()
  .max(2000)
  .transform((text) => printable(text));
/** Sent back to the service, or compared with what would be sent: it stays as it is, and is made printable where it is shown. */
const exact = (most: number) => z.string().max(most);
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.optional().transform((value) => (value === undefined ? null : value));
/** Names a folder here. */
const id = z.string().regex(/^[a-z0-9_-]{2,50}$/, "is no id of a run or a test");
const dateTime = orNull(words(40));

const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ value: z.array(item), nextLink: z.string().optional() });

const fileAnswer = z
  .object({
    fileName: exact(1024),
    fileType: words(60).default(""),
    validationStatus: words(60).default("NOT_VALIDATED"),
    validationFailureDetails: orNull(words(2000)),
    url: exact(8192).optional(),
  })
  .transform(({ url: link, ...found }): TestFile => (link === undefined ? found : { ...found, link }));

const result = z.enum(["passed", "failed", "undetermined"]).catch("undetermined").exactOptional();
const action = z.enum(["continue", "stop"]).catch("continue").default("continue");

const criteria = z.object({
  passFailMetrics: z
    .record(
      exact(200),
      z.object({
        clientMetric: exact(200),
        aggregate: exact(200),
        condition: exact(200),
        value: z.number(),
        action,
        requestName: exact(2000).exactOptional(),
        actualValue: z.number().exactOptional(),
        result,
      }),
    )
    .default({}),
  passFailServerMetrics: z
    .record(
      exact(200),
      z.object({
        resourceId: exact(2000),
        metricNamespace: exact(500),
        metricName: exact(500),
        aggregation: exact(200),
        condition: exact(200),
        value: z.number(),
        action,
        actualValue: z.number().exactOptional(),
        result,
      }),
    )
    .default({}),
});

const identityType = z.enum(["SystemAssigned", "UserAssigned"]).exactOptional();
const filesAnswer = z
  .object({
    testScriptFileInfo: fileAnswer.optional(),
    userPropFileInfo: fileAnswer.optional(),
    configFileInfo: fileAnswer.optional(),
    inputArtifactsZipFileInfo: fileAnswer.optional(),
    urlTestConfigFileInfo: fileAnswer.optional(),
    additionalFileInfo: z.array(fileAnswer).default([]),
  })
  .transform(({ additionalFileInfo, ...single }): readonly TestFile[] => [
    ...Object.values(single).filter((file) => file !== undefined),
    ...additionalFileInfo,
  ]);

const testAnswer = z
  .object({
    testId: id,
    displayName: exact(1000).exactOptional(),
    description: exact(10_000).exactOptional(),
    kind: exact(100).exactOptional(),
    loadTestConfiguration: z
      .object({
        engineInstances: z.number().default(1),
        splitAllCSVs: z.boolean().default(false),
        regionalLoadTestConfig: z.array(z.object({ region: exact(100), engineInstances: z.number() })).exactOptional(),
      })
      .exactOptional(),
    passFailCriteria: criteria.exactOptional(),
    autoStopCriteria: z
      .object({
        autoStopDisabled: z.boolean().default(false),
        errorRate: z.number().exactOptional(),
        errorRateTimeWindowInSeconds: z.number().exactOptional(),
        maximumVirtualUsersPerEngine: z.number().exactOptional(),
      })
      .exactOptional(),
    secrets: z.record(exact(500), z.object({ type: exact(100), value: exact(2000).exactOptional() })).exactOptional(),
    certificate: z.object({ type: exact(100), value: exact(2000), name: exact(500) }).exactOptional(),
    environmentVariables: z.record(exact(500), z.string()).exactOptional(),
    subnetId: exact(2000).exactOptional(),
    publicIPDisabled: z.boolean().exactOptional(),
    keyvaultReferenceIdentityType: identityType,
    keyvaultReferenceIdentityId: exact(2000).exactOptional(),
    metricsReferenceIdentityType: identityType,
    metricsReferenceIdentityId: exact(2000).exactOptional(),
    engineBuiltInIdentityType: z.enum(["SystemAssigned", "UserAssigned", "None"]).exactOptional(),
    engineBuiltInIdentityIds: z.array(exact(2000)).exactOptional(),
    lastModifiedDateTime: dateTime,
    inputArtifacts: filesAnswer.prefault({}),
  })
  .transform(({ inputArtifacts, ...found }): RemoteTest => ({ ...found, files: inputArtifacts }));

/** Printed for people to open. */
const portalLink = z
  .string()
  .max(4000)
  .transform((text) => (URL.canParse(text) && new URL(text).protocol === "https:" ? new URL(text).href : null));

const url = exact(8192);
const artifactAnswer = z
  .object({ url: url.optional(), fileName: words(1024), expireDateTime: dateTime })
  // Without a link it is being made.
  .transform(({ url, ...found }): Artifact | null => (url === undefined ? null : { url, ...found }));

/** Those that are used. A row without one of them is about a name that was never called. */
const statisticsAnswer = z
  .object({
    transaction: name,
    sampleCount: z.number(),
    errorCount: z.number(),
    errorPct: z.number(),
    meanResTime: z.number(),
    medianResTime: z.number(),
    minResTime: z.number(),
    maxResTime: z.number(),
    pct1ResTime: z.number(),
    pct2ResTime: z.number(),
    pct3ResTime: z.number(),
    throughput: z.number(),
  })
  .partial();

const isComplete = (row: z.output<typeof statisticsAnswer>): row is RunStatistics =>
  Object.keys(statisticsAnswer.shape).every((field) => Object.hasOwn(row, field));

const runAnswer = z
  .object({
    testRunId: id,
    testId: orNull(id),
    displayName: words(200).default(""),
    status: words(60).default("NOTSTARTED"),
    testResult: orNull(z.enum(["PASSED", "FAILED", "NOT_APPLICABLE"])).catch(null),
    passFailCriteria: orNull(criteria),
    startDateTime: dateTime,
    endDateTime: dateTime,
    executionStartDateTime: dateTime,
    executionEndDateTime: dateTime,
    virtualUsers: orNull(z.number()),
    virtualUserHours: orNull(z.number()),
    portalUrl: orNull(portalLink),
    testRunStatistics: z.record(name, statisticsAnswer).default({}),
    errorDetails: z.array(z.object({ code: words(200).default(""), message: words(1000).default("") })).default([]),
    testArtifacts: z
      .object({
        outputArtifacts: z
          .object({
            resultFileInfo: orNull(artifactAnswer),
            logsFileInfo: orNull(artifactAnswer),
            reportFileInfo: orNull(artifactAnswer),
            artifactsContainerInfo: orNull(z.object({ url: url.optional(), expireDateTime: dateTime })),
          })
          .prefault({}),
      })
      .prefault({}),
  })
  .transform(({ testRunStatistics, errorDetails, testArtifacts: { outputArtifacts }, ...found }): RemoteRun => {
    const { resultFileInfo, logsFileInfo, reportFileInfo, artifactsContainerInfo } = outputArtifacts;
    const { url, expireDateTime = null } = artifactsContainerInfo ?? {};
    return {
      ...found,
      testId: found.testId ?? "",
      statistics: Object.fromEntries(
        Object.entries(testRunStatistics).filter((entry): entry is [string, RunStatistics] => isComplete(entry[1])),
      ),
      errors: errorDetails,
      artifacts: {
        results: resultFileInfo,
        logs: logsFileInfo,
        report: reportFileInfo,
        container: url === undefined ? null : { url, expireDateTime },
      },
    };
  });

const componentsAnswer = z.object({
  components: z
    .record(
      exact(2000),
      z.object({ resourceName: exact(500), resourceType: exact(500), kind: exact(500).exactOptional() }),
    )
    .default({}),
});

const serverMetricsAnswer = z.object({
  metrics: z
    .record(
      exact(2000),
      z.object({
        resourceId: exact(2000),
        metricNamespace: exact(500),
        name: exact(500),
        aggregation: exact(200),
        resourceType: exact(500),
      }),
    )
    .default({}),
});

const seriesAnswer = z
  .object({
    data: z.array(z.object({ timestamp: words(40), value: z.number().optional() })).default([]),
    dimensionValues: z.array(z.object({ name, value: name.default("") })).default([]),
  })
  .transform(
    ({ data, dimensionValues }): MetricSeries => ({
      dimensions: Object.fromEntries(dimensionValues.map(({ name, value }) => [name, value])),
      // A moment without a value is one at which nothing was measured.
      points: data.flatMap(({ timestamp, value }) => (value === undefined ? [] : { at: timestamp, value })),
    }),
  );

/** The signature of a SAS address opens what it leads to. */
const learnLink = (link: string | undefined, learn: (secret: string) => void): void => {
  const key = link !== undefined && URL.canParse(link) ? new URL(link).searchParams.get("sig") : null;
  if (key !== null) learn(key);
};

const learnLinks = ({ artifacts }: RemoteRun, learn: (secret: string) => void): void => {
  for (const link of Object.values(artifacts)) learnLink(link?.url, learn);
};
