/**
 * Reads one criterion. The grammar is Azure Load Testing's, read strictly:
 *
 *   criterion  = aggregate "(" metric ")" condition value
 *   condition  = ">" | "<" | ">=" | "<="
 *   value      = digits [ "." digits ]
 *
 * Blanks may stand between any two of these. Whatever Azure's two readers would not take alike is refused, unless it is
 * marked as local: then our gate alone judges it. Each refusal has a sentence of its own. None quotes a word that is not
 * close to a known one: it may have come from a variable.
 */

import { nearest } from "../config/nearest.ts";
import { sectionOf } from "../record/section.ts";
import { AGGREGATES, type Aggregate, CONDITIONS, type Criterion, METRICS, type Metric } from "./criterion.ts";
import { INSTEAD_OF, METRIC_RULES, YAML_AGGREGATE } from "./criterion-rules.ts";
import { faultOfValue, hasDecimals } from "./criterion-value.ts";

export type Parsed = { readonly criterion: Criterion } | { readonly fault: string };

const SHAPE =
  /^\s*(?<aggregate>[\w.-]{1,40})\s*\(\s*(?<metric>[\w-]{1,40})\s*\)\s*(?<condition>[<>=!]{1,3})\s*(?<value>\S.*?)\s*$/;
const NAMED = /^(?<name>\S.*?):\s+(?<rest>[\w.-]{1,40}\s*\(.*)$/;
const LONGEST = 2000;
const LONGEST_NAME = 500;

/** A text without a criterion's shape. */
const NO_SHAPE = "is no criterion: write aggregate(metric) condition value, such as p95(response_time_ms) > 1000";

const MARK = "mark it local: true, and our gate alone judges it";

interface Marks {
  readonly request: string | null;
  readonly isLocal: boolean;
}

export const parseCriterion = (text: string, { request, isLocal }: Marks): Parsed => {
  const nameFault = request === null ? null : faultOfName(request);
  if (nameFault !== null) return { fault: nameFault };
  if (text.length > LONGEST) return { fault: NO_SHAPE };
  const parts = SHAPE.exec(text)?.groups;
  if (parts === undefined) return { fault: NAMED.test(text) ? QUOTED_NAME : NO_SHAPE };

  const metric = METRICS.find((known) => known === parts.metric);
  if (metric === undefined) return { fault: unknownMetric(parts.metric ?? "") };
  const aggregate = aggregateOf(parts.aggregate ?? "");
  if (aggregate === undefined) return { fault: unknownAggregate(parts.aggregate ?? "", metric) };
  const { aggregates }: { readonly aggregates: readonly Aggregate[] } = METRIC_RULES[metric];
  if (!aggregates.includes(aggregate)) {
    return { fault: `${metric} has no ${parts.aggregate}: write ${spelled(aggregates)} of it` };
  }
  const condition = CONDITIONS.find((known) => known === parts.condition);
  if (condition === undefined) {
    return { fault: `has the condition ${parts.condition}, which is none: write > or <` };
  }
  const value = parts.value ?? "";
  const valueFault = faultOfValue(value, metric);
  if (valueFault !== null) return { fault: valueFault };
  const criterion: Criterion = { aggregate, metric, condition, value: Number(value), request, isLocal };
  const azureFault = isLocal ? null : faultAtAzure(criterion, value);
  return azureFault === null ? { criterion } : { fault: azureFault };
};

/** `NAME: criterion` as somebody types it in one piece; without a name the whole text is the criterion. */
export const splitName = (text: string): { readonly request: string | null; readonly rest: string } => {
  const parts = NAMED.exec(text.trim())?.groups;
  return { request: parts?.name ?? null, rest: parts?.rest ?? text };
};

const QUOTED_NAME =
  "has a name in the same text: take the quotes away (NAME: criterion is a key and its value), or write a map with criterion and request";

const faultOfName = (name: string): string | null => {
  if (name.trim() === "") return "has an empty name: write a name of the statistics, such as github:tools/call:get_me";
  if (name !== name.trim()) return "has blanks around the name: names of the statistics have none";
  if (name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    return `has a name that none in the statistics can be: at most ${LONGEST_NAME} characters, none of them a control character`;
  }
  return null;
};

const aggregateOf = (word: string): Aggregate | undefined =>
  AGGREGATES.find((known) => known === word || YAML_AGGREGATE[known] === word);

const spelled = (aggregates: readonly Aggregate[]): string =>
  aggregates.length === 1 ? `${aggregates[0]}` : `${aggregates.slice(0, -1).join(", ")} or ${aggregates.at(-1)}`;

const unknownMetric = (word: string): string => {
  // Azure's documentation has `responseTimeMs` in a sample, which its own tools refuse.
  const plain = (text: string): string => text.replaceAll(/[_-]/g, "").toLowerCase();
  const meant = METRICS.find((known) => plain(known) === plain(word)) ?? nearest(word, METRICS);
  return meant === null
    ? `has an unknown metric: known are ${METRICS.join(", ")}`
    : `has the unknown metric ${word}: did you mean ${meant}?`;
};

const unknownAggregate = (word: string, metric: Metric): string => {
  const fitting = METRIC_RULES[metric].aggregates;
  const meant = SAME_AS.get(word.toLowerCase()) ?? nearest(word, fitting) ?? null;
  return meant === null
    ? `has an unknown aggregate: ${metric} has ${spelled(fitting)}`
    : `has the unknown aggregate ${word}: did you mean ${meant}?`;
};

/** What other tools call them. */
const SAME_AS: ReadonlyMap<string, Aggregate> = new Map([
  ["mean", "avg"],
  ["average", "avg"],
  ["median", "p50"],
  ["minimum", "min"],
  ["p0", "min"],
  ["maximum", "max"],
  ["p100", "max"],
  ["rate", "percentage"],
  ["ratio", "percentage"],
  ["percent", "percentage"],
]);

/** What Azure would not take, or not alike from all its tools. @param text the value as it was written */
const faultAtAzure = ({ metric, condition, request }: Criterion, text: string): string | null => {
  const section = request === null ? "operations" : sectionOf(request);
  if (section !== "operations") return `is on a name of ${section}, of which Azure gets no rows: ${MARK}`;
  const { localBecause, azureConditions }: { localBecause: string | null; azureConditions: readonly string[] } =
    METRIC_RULES[metric];
  if (localBecause !== null) {
    return `asks for ${metric}, which cannot go to Azure (${localBecause}): ${INSTEAD_OF[metric]}, or ${MARK}`;
  }
  if (condition === ">=" || condition === "<=") {
    return `has the condition ${condition}, which the GitHub Action refuses and the az CLI reads as ${condition[0]}: write ${condition[0]}, or ${MARK}`;
  }
  if (!azureConditions.includes(condition)) {
    return `would fail a run for having few errors, and the GitHub Action refuses it: write >, or ${MARK}`;
  }
  if (hasDecimals(text)) {
    return `has decimals, which the GitHub Action cuts off and the az CLI sends as they are: write a whole number, or ${MARK}`;
  }
  return null;
};
