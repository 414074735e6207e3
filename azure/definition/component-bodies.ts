/** App components and their metrics as the data plane takes them: merge patches, null for what is gone. */

import type { AppComponentsBody, ServerMetricsBody } from "../plane/data-plane.ts";
import { isSameResource, typeAndName } from "./azure-resource-id.ts";
import type { TestDefinition } from "./test-definition.ts";

/** @param remote what is there; null: none were ever set */
export const appComponentsBody = ({ azure }: TestDefinition, remote: AppComponentsBody | null): AppComponentsBody => {
  const there = Object.keys(remote?.components ?? {});
  const wanted = azure.appComponents.map(({ resourceId, resourceName, kind }) => {
    const component = {
      resourceName: resourceName ?? typeAndName(resourceId).name,
      resourceType: typeAndName(resourceId).type,
      ...(kind !== undefined && { kind }),
    };
    return [there.find((id) => isSameResource(id, resourceId)) ?? resourceId, component] as const;
  });
  return { components: replacing(there, Object.fromEntries(wanted)) };
};

type ServerMetric = NonNullable<ServerMetricsBody["metrics"][string]>;

/**
 * A component without metrics of its own keeps what Azure, or somebody in the portal, chose for it.
 * @param remote what is there; null: none were ever set
 */
export const serverMetricsBody = ({ azure }: TestDefinition, remote: ServerMetricsBody | null): ServerMetricsBody => {
  const there = Object.entries(remote?.metrics ?? {}).flatMap(([id, metric]) =>
    metric === null ? [] : [[id, metric] as const],
  );
  const wanted = new Map<string, ServerMetric>();
  for (const metric of azure.appComponents.flatMap(metricsOf)) {
    const id = there.find(([, other]) => meaning(other) === meaning(metric))?.[0] ?? meaning(metric);
    const other = wanted.get(id);
    // One entry a metric: its aggregations are a list, as the GitHub Action writes it.
    wanted.set(
      id,
      other === undefined ? metric : { ...other, aggregation: `${other.aggregation},${metric.aggregation}` },
    );
  }
  const left = azure.appComponents.filter(({ metrics }) => metrics === undefined);
  const ours = there.filter(
    ([, metric]) => !left.some(({ resourceId }) => isSameResource(resourceId, metric.resourceId)),
  );
  return {
    metrics: replacing(
      ours.map(([id]) => id),
      Object.fromEntries(wanted),
    ),
  };
};

const metricsOf = ({ resourceId, metrics = [] }: TestDefinition["azure"]["appComponents"][number]): ServerMetric[] => {
  const resourceType = typeAndName(resourceId).type;
  return metrics.map(({ name, aggregation, namespace = resourceType }) => ({
    resourceId,
    metricNamespace: namespace,
    name,
    aggregation,
    resourceType,
  }));
};

/** The id that the GitHub Action gives it, too. */
const meaning = ({ resourceId, metricNamespace, name }: ServerMetric): string =>
  [resourceId, metricNamespace, name].join("/").toLowerCase();

const replacing = <T>(there: readonly string[], wanted: Readonly<Record<string, T>>): Record<string, T | null> => ({
  ...Object.fromEntries(there.map((id) => [id, null])),
  ...wanted,
});
