/** A shape as one text, of `--shape` or of the file: `30s:5,60s=10`, `soak`, `bursts(burst=30s,idle=90s)`, `none`. */

import { parseDuration } from "../../config/duration.ts";
import { nearest } from "../../config/nearest.ts";
import type { Parameters } from "./profiles.ts";
import { ShapeError } from "./shape-error.ts";
import { MOST_USERS, parseStages, type Stage } from "./stage.ts";

/** What switches a shape of the file off. */
export const NO_SHAPE = "none";

/** Also bounds what is parsed, and what a line of the link may hold. */
const LONGEST_TEXT = 4096;

export type ShapeText =
  | { readonly stages: readonly Stage[] }
  | { readonly name: string; readonly parameters: Parameters };

const NAMED = /^(?<name>[A-Za-z][A-Za-z0-9_-]*)(?:\((?<given>[^()]*)\))?$/;

/** @throws {ShapeError} */
export const parseShapeText = (text: string): ShapeText => {
  const plain = text.trim();
  if (plain.length > LONGEST_TEXT) throw new ShapeError("is too long to be a shape");
  const { name, given } = NAMED.exec(plain)?.groups ?? {};
  if (name === undefined) return { stages: parseStages(plain) };
  return { name, parameters: given === undefined ? {} : parseParameters(given) };
};

const whole = (text: string): number | null =>
  /^\d{1,7}$/.test(text) && Number(text) <= MOST_USERS ? Number(text) : null;
const positive = (text: string): number | null => whole(text) || null;
const list = (text: string): readonly number[] | null => {
  const numbers = text.split("/").map(positive);
  return numbers.some((number) => number === null) ? null : (numbers as number[]);
};

interface Notation {
  readonly parse: (text: string) => number | readonly number[] | null;
  readonly example: string;
  /** Behind the number, where it is written: times are in ms. */
  readonly unit?: string;
}

const NOTATIONS = {
  users: { parse: positive, example: "50" },
  time: { parse: parseDuration, example: "10m", unit: "ms" },
  base: { parse: whole, example: "5" },
  burst: { parse: parseDuration, example: "60s", unit: "ms" },
  idle: { parse: parseDuration, example: "60s", unit: "ms" },
  steps: { parse: positive, example: "5" },
  levels: { parse: list, example: "1/5/10/20" },
  pause: { parse: parseDuration, example: "2s", unit: "ms" },
} as const satisfies Record<keyof Parameters, Notation>;

/** What `parseShapeText` reads as this name with these parameters. */
export const namedShapeText = (name: string, parameters: Parameters): string => {
  const parts = Object.entries(parameters).map(([key, value]) => {
    const { unit = "" }: Notation = NOTATIONS[key as keyof typeof NOTATIONS];
    return `${key}=${Array.isArray(value) ? value.join("/") : value}${unit}`;
  });
  return `${name}(${parts.join(",")})`;
};

const parseParameters = (given: string): Parameters =>
  Object.fromEntries(
    given.split(",").map((part) => {
      const [key = "", value = ""] = part.split("=").map((side) => side.trim());
      if (!Object.hasOwn(NOTATIONS, key)) throw new ShapeError(unknownParameter(key));
      const { parse, example } = NOTATIONS[key as keyof typeof NOTATIONS] as Notation;
      const parsed = parse(value);
      if (parsed === null) throw new ShapeError(`has ${key}=${value.slice(0, 40)}: write it as ${key}=${example}`);
      return [key, parsed];
    }),
  );

const unknownParameter = (key: string): string => {
  const names = Object.keys(NOTATIONS);
  const near = nearest(key, names);
  const advice = near === null ? `known are ${names.join(", ")}` : `did you mean ${near}?`;
  return `has the parameter ${JSON.stringify(key.slice(0, 40))}: ${advice}`;
};
