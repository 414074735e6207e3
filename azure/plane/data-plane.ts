/**
 * The data plane of Azure Load Testing, as far as it is used: types written by hand, one call a function.
 * @see Microsoft's OpenAPI of the data plane, version 2026-04-01
 */

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
  | "VALIDATION_NOT_REQUIRED";

export interface TestFile {
  readonly fileName: string;
  readonly fileType: string;
  readonly validationStatus: ValidationStatus;
  readonly validationFailureDetails: string | null;
}

/** A test as the service has it. */
export interface RemoteTest extends TestBody {
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
  /** Starts it; again with the same id is the same run. */
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
