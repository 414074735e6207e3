/**
 * What a submission changes in the lists of a test: variables, secrets, criteria, watched resources. Values of variables are
 * compared and never shown.
 */

import { changesNothing } from "../definition/merge-patch.ts";
import type {
  AppComponentsBody,
  PassFailMetric,
  PassFailServerMetric,
  RemoteTest,
  ServerMetricsBody,
  TestBody,
} from "../plane/data-plane.ts";
import { added, changed, type Difference, removed } from "./difference.ts";

/** Keys of a test's body whose values are told entry by entry. */
export const ENTRIES_OF_A_TEST: ReadonlySet<string> = new Set([
  "passFailCriteria",
  "environmentVariables",
  "secrets",
  "certificate",
] satisfies (keyof TestBody)[]);

type Named<Entry> = Readonly<Record<string, Entry | null>>;

interface EntryChange<To, From> {
  readonly key: string;
  /** null: it is not there. */
  readonly from: From | null;
  /** null: it will not be there. */
  readonly to: To | null;
}

/** The entries of a merge patch that change something: null removes, what it does not name stays. */
const entryChanges = <To, From>(
  wanted: Named<To> | undefined,
  there: Named<From> | undefined,
): EntryChange<To, From>[] =>
  Object.entries(wanted ?? {}).flatMap(([key, to]) => {
    const from = there?.[key] ?? null;
    return changesNothing(to, from, {}) ? [] : [{ key, from, to }];
  });

const told = <To, From>(
  changes: readonly EntryChange<To, From>[],
  nameOf: (entry: To | From, key: string) => string,
): Difference[] =>
  changes.flatMap(({ key, from, to }) => {
    if (to === null) return from === null ? [] : [removed(nameOf(from, key))];
    if (from === null) return [added(nameOf(to, key))];
    const [old, name] = [nameOf(from, key), nameOf(to, key)];
    return old === name ? [changed(name)] : [removed(old), added(name)];
  });

const clientText = ({ clientMetric, aggregate, condition, value, requestName }: PassFailMetric): string =>
  `criterion ${requestName === undefined ? "" : `${requestName}: `}${aggregate}(${clientMetric}) ${condition} ${value}`;

const serverText = ({ resourceId, aggregation, metricName, condition, value }: PassFailServerMetric): string =>
  `criterion ${aggregation}(${metricName}) ${condition} ${value} of ${lastPart(resourceId)}`;

export const entryDifferences = (body: TestBody, there: RemoteTest): Difference[] => {
  const [criteria, old] = [body.passFailCriteria, there.passFailCriteria];
  const certificate = body.certificate === undefined ? {} : { certificate: body.certificate };
  return [
    ...told(entryChanges(criteria?.passFailMetrics, old?.passFailMetrics), clientText),
    ...told(entryChanges(criteria?.passFailServerMetrics, old?.passFailServerMetrics), serverText),
    ...told(entryChanges(body.environmentVariables, there.environmentVariables), (_value, name) => `env ${name}`),
    ...told(entryChanges(body.secrets, there.secrets), (_secret, name) => `secret ${name}`),
    ...told(entryChanges(certificate, { certificate: there.certificate ?? null }), ({ name }) => `certificate ${name}`),
  ];
};

export const componentDifferences = (wanted: AppComponentsBody, there: AppComponentsBody | null): Difference[] =>
  told(entryChanges(wanted.components, there?.components), (_component, id) => `app component ${lastPart(id)}`);

export const metricDifferences = (wanted: ServerMetricsBody, there: ServerMetricsBody | null): Difference[] =>
  told(
    entryChanges(wanted.metrics, there?.metrics),
    ({ aggregation, name, resourceId }) => `metric ${aggregation}(${name}) of ${lastPart(resourceId)}`,
  );

const lastPart = (id: string): string => id.split("/").at(-1) ?? id;
