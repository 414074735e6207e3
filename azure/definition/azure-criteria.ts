/** The criteria that Azure judges, as its YAML spells them. What its readers take differently was refused when they were read. */

import type { Criterion } from "../../gate/criterion.ts";
import type { Draft } from "./draft.ts";

/** @see Azure Load Testing, service limits */
const MOST_CRITERIA = 50;

/** `p99.9` is `p999` there. */
export const azureAggregate = (aggregate: string): string => aggregate.replace(".", "");

/** `p95(response_time_ms) > 800` */
export const azureCriterion = ({ aggregate, metric, condition, value }: Criterion): string =>
  `${azureAggregate(aggregate)}(${metric}) ${condition} ${value}`;

/** Without the local ones; of several that differ in their value alone, the strictest, which is the only one that counts. */
export const azureCriteria = ({ failureCriteria, faults, warn }: Draft): readonly Criterion[] => {
  const strictest = new Map<string, Criterion>();
  for (const criterion of failureCriteria.client) {
    if (criterion.isLocal) continue;
    const { aggregate, metric, condition, value, request } = criterion;
    const key = JSON.stringify([aggregate, metric, condition, request]);
    const other = strictest.get(key);
    if (other !== undefined)
      warn(`failureCriteria: of ${azureCriterion(other)} and ${azureCriterion(criterion)} Azure gets the stricter.`);
    if (other === undefined || (condition === ">" ? value < other.value : value > other.value)) {
      strictest.set(key, criterion);
    }
  }
  const count = strictest.size + failureCriteria.server.length;
  if (count > MOST_CRITERIA) {
    faults.report(
      ["failureCriteria"],
      `has ${count} criteria for Azure, which takes at most ${MOST_CRITERIA}: mark some local: true`,
    );
  }
  return [...strictest.values()];
};
