/** What a reader of Azure's YAML makes of it, in one shape for all of them, so that they can be compared. */

import type {
  AppComponentsBody,
  PassFailMetric,
  PassFailServerMetric,
  ServerMetricsBody,
  TestBody,
} from "../../../azure/plane/data-plane.ts";

type Criterion = Pick<PassFailMetric, "clientMetric" | "aggregate" | "condition" | "value"> & {
  readonly requestName: string | null;
};
type ServerCriterion = Omit<PassFailServerMetric, "action" | "actualValue" | "result">;

export interface SeenTest {
  readonly displayName: string;
  readonly description: string | null;
  readonly kind: string;
  readonly engineInstances: number;
  readonly splitAllCSVs: boolean;
  readonly regions: readonly { readonly region: string; readonly engineInstances: number }[] | null;
  readonly criteria: readonly Criterion[];
  readonly serverCriteria: readonly ServerCriterion[];
  readonly autoStop: "disabled" | { readonly errorRate: number; readonly seconds: number; readonly mostUsers: number };
  readonly secrets: Readonly<Record<string, string>>;
  readonly certificate: { readonly name: string; readonly value: string } | null;
  readonly env: Readonly<Record<string, string>>;
  readonly subnetId: string | null;
  readonly publicIPDisabled: boolean;
  readonly identities: {
    readonly keyVault: readonly [type: string, id: string | null];
    readonly metrics: readonly [type: string, id: string | null];
    readonly engine: readonly [type: string, ids: readonly string[]];
  };
  /** Ids in small letters. */
  readonly components: Readonly<Record<string, { readonly resourceName: string; readonly kind: string | null }>>;
  /** Namespace, name and aggregations, by resource. */
  readonly metrics: readonly string[];
  readonly files: {
    readonly script: string;
    readonly properties: string;
    readonly additional: readonly string[];
    readonly zips: readonly string[];
  };
}

/** The service's, for a property that a test does not have. */
export const SERVICE_DEFAULTS = {
  mostUsers: 5000,
  keyVault: "SystemAssigned",
  metrics: "SystemAssigned",
  engine: "None",
};

export const sorted = <T>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** What the data plane is sent, in the same shape. */
export const seenBody = (
  body: TestBody,
  { components }: AppComponentsBody,
  { metrics }: ServerMetricsBody,
  files: SeenTest["files"],
): SeenTest => {
  const stop = body.autoStopCriteria;
  const { passFailMetrics = {}, passFailServerMetrics = {} } = body.passFailCriteria ?? {};
  return {
    displayName: body.displayName ?? "",
    description: body.description ?? null,
    kind: body.kind ?? "",
    engineInstances: body.loadTestConfiguration?.engineInstances ?? 0,
    splitAllCSVs: body.loadTestConfiguration?.splitAllCSVs ?? false,
    regions: body.loadTestConfiguration?.regionalLoadTestConfig ?? null,
    criteria: sorted(
      given(passFailMetrics).map(({ clientMetric, aggregate, condition, value, requestName = null }) => {
        return { clientMetric, aggregate, condition, value, requestName };
      }),
    ),
    serverCriteria: sorted(given(passFailServerMetrics).map(({ action: _, ...criterion }) => criterion)),
    autoStop:
      stop?.autoStopDisabled === true
        ? "disabled"
        : {
            errorRate: stop?.errorRate ?? -1,
            seconds: stop?.errorRateTimeWindowInSeconds ?? -1,
            mostUsers: stop?.maximumVirtualUsersPerEngine ?? -1,
          },
    secrets: Object.fromEntries(
      Object.entries(body.secrets ?? {}).map(([name, secret]) => [name, secret?.value ?? ""]),
    ),
    certificate: body.certificate == null ? null : { name: body.certificate.name, value: body.certificate.value },
    env: Object.fromEntries(
      Object.entries(body.environmentVariables ?? {}).map(([name, value]) => [name, value ?? ""]),
    ),
    subnetId: body.subnetId ?? null,
    publicIPDisabled: body.publicIPDisabled ?? false,
    identities: {
      keyVault: [body.keyvaultReferenceIdentityType ?? "", body.keyvaultReferenceIdentityId ?? null],
      metrics: [body.metricsReferenceIdentityType ?? "", body.metricsReferenceIdentityId ?? null],
      engine: [body.engineBuiltInIdentityType ?? "", body.engineBuiltInIdentityIds ?? []],
    },
    components: Object.fromEntries(
      Object.entries(components).map(([id, component]) => [
        id.toLowerCase(),
        { resourceName: component?.resourceName ?? "", kind: component?.kind ?? null },
      ]),
    ),
    metrics: sorted(
      given(metrics).map(({ resourceId, metricNamespace, name, aggregation }) =>
        [resourceId.toLowerCase(), metricNamespace, name, aggregation].join(" "),
      ),
    ),
    files,
  };
};

const given = <T>(map: Readonly<Record<string, T | null>>): T[] =>
  Object.values(map).flatMap((value) => (value === null ? [] : [value]));
