/** The value of a criterion: digits and nothing else. What people write instead is known, and answered with what to write. */

import type { Metric } from "./criterion.ts";
import { METRIC_RULES } from "./criterion-rules.ts";

const NUMBER = /^\d+(?:\.\d+)?$/;
const WITH_UNIT =
  /^(?<digits>\d+(?:\.\d+)?)\s*(?<unit>ms|s|secs?|seconds?|m|mins?|minutes?|%|(?:req|reqs|requests)?\/s(?:ec)?|rps)$/i;

const UNIT_NAMES = { ms: "milliseconds", "%": "percent", "/s": "per second" } as const;

/** Milliseconds in the units of time that begin like this. */
const MS_IN: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
]);

/** Of a text that is no number, by the first that fits; "such as" numbers are made of its own digits. */
const OTHER_TEXTS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^-\s*\d/, () => "has a value below 0, which nothing measured can reach"],
  [/^\d+(?:\.\d+)?e[+-]?\d{1,3}$/i, (text) => `has an exponent in its value: write ${plainText(Number(text))}`],
  [
    /^\d{1,3}(?:[,_' ]\d{3})+(?:\.\d+)?$/,
    (text) => `has marks between the digits of its value: write ${text.replaceAll(/[,_' ]/g, "")}`,
  ],
  [/^\d+,\d+$/, (text) => `has a comma in its value: write ${text.replace(",", ".")}`],
  [
    /^\d+(?:\.\d+)?[^\d.]/,
    () => "has text behind its value: a criterion ends with the number, and a second criterion is an entry of its own",
  ],
];

/** @returns what is wrong with the text behind the condition, or null when it is a number that the metric can have */
export const faultOfValue = (text: string, metric: Metric): string | null => {
  const { most } = METRIC_RULES[metric];
  const withUnit = WITH_UNIT.exec(text)?.groups;
  if (withUnit !== undefined) return faultOfUnit(Number(withUnit.digits), withUnit.unit ?? "", metric);
  if (!NUMBER.test(text)) {
    const known = OTHER_TEXTS.find(([shape]) => shape.test(text));
    return known?.[1](text) ?? "has no plain number behind the condition: write digits, such as 1000";
  }
  if (Number(text) > most || (Number(text) === most && hasDecimals(text)))
    return `has a value above ${most}, which ${metric} ${most === 100 ? "cannot reach" : "must not have"}`;
  return null;
};

/** By the text: a double has forgotten the decimals of 0.99999999999999999999. */
export const hasDecimals = (text: string): boolean => /\.\d*[1-9]/.test(text);

const faultOfUnit = (value: number, written: string, metric: Metric): string => {
  const { unit } = METRIC_RULES[metric];
  const what = `has the unit ${written} behind the number`;
  if (unit === "") return `${what}: write the number alone, it is a plain number`;
  const word = written.toLowerCase();
  const ms = unit === "ms" ? MS_IN.get(word === "ms" ? word : word.slice(0, 1)) : undefined;
  if (ms === undefined || ms === 1) return `${what}: write the number alone, it is ${UNIT_NAMES[unit]} already`;
  return `${what}: write ${plainText(value * ms)}, in milliseconds`;
};

/** Without an exponent, and without what binary fractions add: 1.1 s are 1100 ms. */
const plainText = (value: number): string =>
  Number.isFinite(value) && value < 1e15 ? String(Number(value.toFixed(3))) : "its digits out";
