/** From a shape's text to its stages: looks the name up among the file's shapes and the built-in profiles. */

import { nearest } from "../../config/nearest.ts";
import { type Parameters, PROFILES, type Profile, profileStages, RULES } from "./profiles.ts";
import { ShapeError } from "./shape-error.ts";
import { namedShapeText, parseShapeText } from "./shape-text.ts";
import type { Stage } from "./stage.ts";

/** A shape of the file. */
export type Shape =
  | { readonly stages: readonly Stage[] }
  | { readonly profile: Profile; readonly parameters: Parameters };

export type Shapes = Readonly<Record<string, Shape>>;

export interface Found {
  /** As it was called; null for stages that were typed. */
  readonly name: string | null;
  readonly shape: Shape;
}

/**
 * @param text as typed or as in the file
 * @throws {ShapeError}
 */
export const findShape = (text: string, shapes: Shapes): Found => {
  const parsed = parseShapeText(text);
  if ("stages" in parsed) return { name: null, shape: parsed };
  const { name, parameters } = parsed;
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : isProfile(name) ? { profile: name, parameters: {} } : null;
  if (shape == null) throw new ShapeError(unknownName(name, Object.keys(shapes)));
  return { name, shape: withParameters(name, shape, parameters) };
};

/**
 * @param otherwise what holds where the shape itself says nothing
 * @throws {ShapeError}
 */
export const stagesOf = (shape: Shape, otherwise: Pick<Parameters, "users" | "time">): readonly Stage[] =>
  "stages" in shape ? shape.stages : profileStages(shape.profile, { ...given(otherwise), ...given(shape.parameters) });

/** Whether `--run-time` has a say in it. */
export const takesRunTime = (shape: Shape): boolean => "profile" in shape && shape.parameters.time === undefined;

/**
 * The same shape as a text that needs no `--users` and no `--run-time` beside it, for a place where they may be others.
 * @throws {ShapeError}
 */
export const closedText = (text: string, shapes: Shapes, totals: Pick<Parameters, "users" | "time">): string => {
  const parsed = parseShapeText(text);
  const { shape } = findShape(text, shapes);
  if ("stages" in parsed || "stages" in shape) return text;
  return namedShapeText(parsed.name, given({ ...totals, ...given(shape.parameters), ...parsed.parameters }));
};

/** @throws {ShapeError} for a parameter that the profile does not have */
export const checkParameters = (profile: Profile, parameters: Parameters): void => {
  const { knows } = RULES[profile];
  const stranger = Object.keys(given(parameters)).find((key) => !knows.includes(key as keyof Parameters));
  if (stranger === undefined) return;
  throw new ShapeError(`has ${stranger}, which the profile ${profile} does not know: it has ${knows.join(", ")}`);
};

const withParameters = (name: string, shape: Shape, parameters: Parameters): Shape => {
  if (Object.keys(parameters).length === 0) return shape;
  if ("stages" in shape) throw new ShapeError(`gives ${name} parameters, but it has stages of its own`);
  checkParameters(shape.profile, parameters);
  return { profile: shape.profile, parameters: { ...shape.parameters, ...parameters } };
};

const isProfile = (name: string): name is Profile => (PROFILES as readonly string[]).includes(name);

const unknownName = (name: string, own: readonly string[]): string => {
  const near = nearest(name, [...own, ...PROFILES]);
  const known = own.length === 0 ? "" : `the file has ${own.join(", ")}; `;
  const advice = near === null ? `${known}built in are ${PROFILES.join(", ")}` : `did you mean ${near}?`;
  return `names the shape ${JSON.stringify(name.slice(0, 40))}, which is not there: ${advice}`;
};

const given = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
