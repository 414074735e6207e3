/**
 * What a submission changes in the lists of a test: variables, secrets, criteria, watched resources. Values of variables are
 * compared and never shown.
 */

import type {
  AppComponentsBody,
  PassFailMetric,
  PassFailServerMetric,
  RemoteTest,
  ServerMetricsBody,
  TestBody,
} from "../plane/data-plane.ts";
import { added, changed, type Difference, removed } from "./difference.ts";

type Entries = Readonly<Record<string, unknown>>;

/** By name. null in `wanted` removes; what it does not name stays. */
const byName = (what: string, wanted: Entries | undefined, there: Entries | undefined): Difference[] =>
  Object.entries(wanted ?? {}).flatMap(([name, value]) => {
    const old = there?.[name] ?? null;
    const subject = `${what} ${name}`;
    if (value === null) return old === null ? [] : [removed(subject)];
    if (old === null) return [added(subject)];
    return JSON.stringify(value) === JSON.stringify(old) ? [] : [changed(subject)];
  });

/** Ids of criteria are nobody's business: two of the same text are the same. */
const byText = <Entry>(
  wanted: Readonly<Record<string, Entry | null>> | undefined,
  there: Readonly<Record<string, Entry | null>> | undefined,
  textOf: (entry: Entry) => string,
): Difference[] => {
  if (wanted === undefined) return [];
  const texts = (entries: Readonly<Record<string, Entry | null>>): string[] =>
    Object.values(entries).flatMap((entry) => (entry === null ? [] : [textOf(entry)]));
  const [ours, theirs] = [texts(wanted), texts(there ?? {})];
  const goes = Object.entries(there ?? {}).flatMap(([id, entry]) =>
    entry !== null && id in wanted && !ours.includes(textOf(entry)) ? [textOf(entry)] : [],
  );
  return [
    ...ours.filter((text) => !theirs.includes(text)).map((text) => added(`criterion ${text}`)),
    ...goes.map((text) => removed(`criterion ${text}`)),
  ];
};

const clientText = ({ clientMetric, aggregate, condition, value, requestName }: PassFailMetric): string =>
  `${requestName === undefined ? "" : `${requestName}: `}${aggregate}(${clientMetric}) ${condition} ${value}`;

const serverText = ({ resourceId, aggregation, metricName, condition, value }: PassFailServerMetric): string =>
  `${aggregation}(${metricName}) ${condition} ${value} of ${lastPart(resourceId)}`;

export const entryDifferences = (body: TestBody, there: RemoteTest): Difference[] => [
  ...byText(body.passFailCriteria?.passFailMetrics, there.passFailCriteria?.passFailMetrics, clientText),
  ...byText(body.passFailCriteria?.passFailServerMetrics, there.passFailCriteria?.passFailServerMetrics, serverText),
  ...byName("env", body.environmentVariables, there.environmentVariables),
  ...byName("secret", urls(body.secrets), urls(there.secrets)),
  ...certificate(body, there),
];

/** The bodies name what is there as the service does: ids are equal, whatever their case. */
export const componentDifferences = (wanted: AppComponentsBody, there: AppComponentsBody | null): Difference[] =>
  byPresence(wanted.components, there?.components ?? {}, (id) => `app component ${lastPart(id)}`);

export const metricDifferences = (wanted: ServerMetricsBody, there: ServerMetricsBody | null): Difference[] =>
  byPresence(wanted.metrics, there?.metrics ?? {}, (_id, metric) =>
    metric === null ? "metric" : `metric ${metric.aggregation}(${metric.name}) of ${lastPart(metric.resourceId)}`,
  );

/** Only whether an entry is there: the service adds fields of its own. */
const byPresence = <Entry>(
  wanted: Readonly<Record<string, Entry | null>>,
  there: Readonly<Record<string, Entry | null>>,
  nameOf: (id: string, entry: Entry | null) => string,
): Difference[] =>
  Object.entries(wanted).flatMap(([id, entry]) => {
    const old = there[id] ?? null;
    if (entry === null) return old === null ? [] : [removed(nameOf(id, old))];
    return old === null ? [added(nameOf(id, entry))] : [];
  });

const lastPart = (id: string): string => id.split("/").at(-1) ?? id;

type Secrets = Readonly<Record<string, { readonly value?: string } | null>>;

const urls = (secrets: Secrets | undefined): Entries | undefined =>
  secrets &&
  Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret && (secret.value ?? "")]));

const certificate = (body: TestBody, there: RemoteTest): Difference[] => {
  if (body.certificate === undefined) return [];
  const [to, from] = [body.certificate, there.certificate ?? null];
  if (to === null) return from === null ? [] : [removed(`certificate ${from.name}`)];
  if (from === null) return [added(`certificate ${to.name}`)];
  return from.name === to.name && from.value === to.value ? [] : [changed(`certificate ${to.name}`)];
};
