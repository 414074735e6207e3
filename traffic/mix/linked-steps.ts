/** Ties the steps of a chain together: which of an answer's places later steps refer to, and whether they can. */

import type * as z from "zod";
import { nearest } from "../../config/nearest.ts";
import { madeValues } from "./made-value.ts";
import type { MixOperation, Need } from "./operation-schema.ts";
import { savedName } from "./result-reference.ts";
import type { MixStep } from "./step-schema.ts";

interface Placed {
  readonly operation: MixOperation;
  readonly path: readonly (string | number)[];
}

/**
 * @param place key of the item that holds the steps; null when the item is its own only step
 * @returns the steps, each operation with what is needed of its answer; faults are reported
 */
export const linked = (
  steps: readonly MixStep[],
  place: "steps" | null,
  context: z.core.$RefinementCtx,
): readonly MixStep[] => {
  const report = (path: readonly (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path: [...path], message });
  const needs = new Map<string, Need[]>();
  steps.forEach((step, index) => {
    const path = place === null ? [] : [place, index];
    const placed = operationsIn(step, path);
    for (const { operation, path } of placed) {
      for (const { need, place } of references(operation)) {
        const name = savedName(need.at);
        const needed = needs.get(name);
        if (needed === undefined) report([...path, ...place], unknownName(name, [...needs.keys()]));
        else needed.push(need);
      }
    }
    // Not before: operations that are sent at once cannot use each other's answers.
    for (const { operation, path } of placed) {
      if (operation.save === null) continue;
      if (needs.has(operation.save)) report([...path, "save"], `is saved twice: ${operation.save}`);
      needs.set(operation.save, []);
    }
  });
  const withNeeds = (operation: MixOperation): MixOperation =>
    operation.save === null ? operation : { ...operation, needs: needs.get(operation.save) ?? [] };
  return steps.map((step) => {
    if ("operation" in step) return { operation: withNeeds(step.operation) };
    return "parallel" in step ? { parallel: step.parallel.map(withNeeds) } : step;
  });
};

const operationsIn = (step: MixStep, path: Placed["path"]): readonly Placed[] => {
  if ("operation" in step) return [{ operation: step.operation, path }];
  if (!("parallel" in step)) return [];
  return step.parallel.map((operation, index) => ({ operation, path: [...path, "parallel", index] }));
};

/** Each with its place in the operation. */
const references = (operation: MixOperation): { need: Need; place: readonly (string | number)[] }[] =>
  [
    ...madeValues(operation.arguments, ["arguments"]),
    ...(operation.does === "read" ? madeValues(operation.of, ["read"]) : []),
  ].flatMap(({ path, key, map: { $result: at, matches } }) =>
    key === "$result" && typeof at === "string"
      ? [{ need: { at, matches: typeof matches === "string" ? matches : null }, place: [...path, key] }]
      : [],
  );

const unknownName = (name: string, saved: readonly string[]): string => {
  const meant = nearest(name, saved);
  const known = saved.length > 0 ? `earlier steps saved ${saved.join(", ")}` : "no earlier step has a save";
  return `refers to ${name}, which no earlier step saved: ${meant === null ? known : `did you mean ${meant}?`}`;
};
