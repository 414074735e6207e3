/**
 * Values that are made anew for each call. In arguments, a map with a key that begins with `$` stands for one (`$literal` for a
 * map of a tool that has such keys itself). `${NAME}` of the environment is text, and was replaced before.
 */

import type * as z from "zod";
import type { Path } from "../../config/fault.ts";
import { isMap } from "../../config/is-map.ts";
import { nearest } from "../../config/nearest.ts";
import { resultFault } from "./result-reference.ts";

/** What each maker takes beside its own key, and what is wrong with its value. */
interface Maker {
  readonly options: readonly string[];
  readonly fault: (value: unknown, made: Readonly<Record<string, unknown>>) => string | null;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const list = (value: unknown): string | null =>
  Array.isArray(value) && value.length > 0 ? null : "must be a list with at least one value";

const file = (value: unknown): string | null =>
  isText(value) ? null : "must be the path of a file, relative to loadtest.yaml";

const twoNumbers = (value: unknown): string | null => {
  const isRange =
    Array.isArray(value) && value.length === 2 && value.every((end) => Number.isFinite(end)) && value[0] <= value[1];
  return isRange ? null : "must be two numbers such as [1, 100], the smaller one first";
};

const MAKERS: Readonly<Record<string, Maker>> = {
  /** One of them by chance. */
  $pick: { options: [], fault: list },
  /** One after the other, over and over; all users of a process share the place. */
  $each: { options: [], fault: list },
  /** A number by chance, both ends included; a whole one when both ends are whole. */
  $range: { options: [], fault: twoNumbers },
  $lines: { options: ["shuffle"], fault: file },
  /** A column of a CSV file with a head line; the whole row without `column`. */
  $rows: { options: ["shuffle", "column"], fault: file },
  $jsonLines: { options: ["shuffle", "at"], fault: file },
  $result: { options: ["matches"], fault: resultFault },
  /** Several texts or values in one text. */
  $join: { options: [], fault: list },
  /** What stands there as it stands: a tool may want `$filter`. */
  $literal: { options: [], fault: () => null },
};

const LITERAL = "$literal";

/** Their keys that name a file beside `loadtest.yaml`. */
const FILE_MAKERS: readonly string[] = ["$lines", "$rows", "$jsonLines"];

const OPTION_FAULTS: Readonly<Record<string, (value: unknown) => string | null>> = {
  shuffle: (value) => (typeof value === "boolean" ? null : "must be true or false"),
  column: (value) => (isText(value) ? null : "must be the name of a column"),
  at: (value) => (isText(value) && value.startsWith("/") ? null : "must be a JSON pointer such as /owner/name"),
  matches: (value) => (isText(value) ? null : "must be a pattern, as Python's re knows it"),
};

type Report = (path: Path, sentence: string) => void;

/** Reports all that is wrong with the made values in `value`. JSON has no other numbers than finite ones. */
export const checkMade = (value: unknown, path: Path, report: Report): void => {
  if (typeof value === "number" && !Number.isFinite(value)) report(path, "must be a number that JSON has");
  const made = madeIn(value);
  if (made?.[0] !== LITERAL) for (const [key, item] of entriesOf(value)) checkMade(item, [...path, key], report);
  if (made === null) return;
  const [key, map] = made;
  const maker = Object.hasOwn(MAKERS, key) ? MAKERS[key] : undefined;
  if (maker === undefined) {
    report([...path, key], unknownMaker(key));
    return;
  }
  const fault = maker.fault(map[key], map);
  if (fault !== null) report([...path, key], fault);
  for (const [option, given] of Object.entries(map)) {
    if (option === key) continue;
    const wrong = maker.options.includes(option)
      ? OPTION_FAULTS[option]?.(given)
      : `is not known beside ${key}${maker.options.length > 0 ? ` (known: ${maker.options.join(", ")})` : ""}`;
    if (wrong != null) report([...path, option], wrong);
  }
};

const unknownMaker = (key: string): string => {
  const known = Object.keys(MAKERS);
  const meant = nearest(key, known);
  return meant === null
    ? `is no way to make a value (known: ${known.join(", ")}; ${LITERAL} for a tool's own $ keys)`
    : `is no way to make a value; did you mean ${meant}?`;
};

/** Every value in it that one of the makers makes, with its place. */
export function* madeValues(
  value: unknown,
  path: Path = [],
): Generator<{ readonly path: Path; readonly key: string; readonly map: Readonly<Record<string, unknown>> }> {
  const made = madeIn(value);
  if (made?.[0] === LITERAL) return;
  if (made !== null) yield { path, key: made[0], map: made[1] };
  for (const [key, item] of entriesOf(value)) yield* madeValues(item, [...path, key]);
}

/** @param value as it stands in the file @returns the data files that it names, each with the place of its name */
export const dataFiles = (value: unknown): { readonly path: Path; readonly file: string }[] =>
  [...madeValues(value)].flatMap(({ path, key, map }) => {
    const file = map[key];
    return FILE_MAKERS.includes(key) && isText(file) ? [{ path: [...path, key], file }] : [];
  });

const madeIn = (value: unknown): [string, Readonly<Record<string, unknown>>] | null => {
  if (!isMap(value)) return null;
  const key = Object.keys(value).find((name) => name.startsWith("$"));
  return key === undefined ? null : [key, value];
};

const entriesOf = (value: unknown): [string | number, unknown][] => {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  return isMap(value) ? Object.entries(value) : [];
};

/** The same as a refinement of zod's. */
export const refineMade = (value: unknown, context: z.core.$RefinementCtx): void =>
  checkMade(value, [], (path, message) => context.addIssue({ code: "custom", path: [...path], message }));
