/** The answer that the levels allow, and no more: a ceiling, "at least N", "below N", or none. */

import type { Breach, Level } from "./level.ts";

export type Answer =
  | {
      readonly kind: "ceiling";
      /** The first session count that broke a limit. */
      readonly sessions: number;
      readonly breach: Breach;
      /** The largest count below it that kept the limits. */
      readonly carried: number;
      /** The true ceiling lies above this; 0 when no level below was sure. */
      readonly surelyKept: number;
      /** And not above this; null when no level from the ceiling on was sure, or a higher one kept the limits. */
      readonly surelyBroken: number | null;
      /** These two were run more than once. Else they say nothing about what changes more slowly than a step. */
      readonly isRepeated: boolean;
    }
  | { readonly kind: "below"; readonly sessions: number; readonly breach: Breach; readonly isSure: boolean }
  | { readonly kind: "at-least"; readonly sessions: number; readonly isSure: boolean; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** @param levels in the order of their session counts */
export const answerOf = (levels: readonly Level[]): Answer => {
  const broken = levels.find(({ verdict }) => verdict === "broken");
  const below = levels.filter(({ sessions }) => broken === undefined || sessions < broken.sessions);
  const kept = below.findLast(({ verdict }) => verdict === "kept");
  const unproven = levels.find(({ verdict }) => verdict === "unproven");
  if (broken === undefined || broken.breach === null) {
    if (kept === undefined)
      return { kind: "unknown", why: unproven === undefined ? "no step ended" : whyUnproven(unproven, levels) };
    const why = unproven === undefined ? "no step broke a limit" : whyUnproven(unproven, levels);
    return { kind: "at-least", sessions: kept.sessions, isSure: kept.isSure, why };
  }
  const { sessions, breach, isSure } = broken;
  if (kept === undefined) return { kind: "below", sessions, breach, isSure };
  const surelyBroken =
    keptAbove(levels).length > 0
      ? undefined
      : levels.find((each) => each.sessions >= sessions && each.verdict === "broken" && each.isSure);
  const surelyKept = below.findLast((each) => each.verdict === "kept" && each.isSure);
  return {
    kind: "ceiling",
    sessions,
    breach,
    carried: kept.sessions,
    surelyKept: surelyKept?.sessions ?? 0,
    surelyBroken: surelyBroken?.sessions ?? null,
    isRepeated: [surelyKept, surelyBroken].every((level) => level === undefined || level.runs > 1),
  };
};

/** Levels that kept the limits above one that broke them: chance, or something that happened at that moment. */
export const keptAbove = (levels: readonly Level[]): readonly Level[] => {
  const broken = levels.find(({ verdict }) => verdict === "broken");
  return broken === undefined
    ? []
    : levels.filter(({ verdict, sessions }) => verdict === "kept" && sessions > broken.sessions);
};

/** The level at which a server let nobody in any more, though it had before; null when it was there to the end. */
export const goneAt = (levels: readonly Level[]): Level | null =>
  levels.some(({ opened }) => opened > 0) ? (levels.find(isGone) ?? null) : null;

const isGone = ({ opened, saturation, cutOff }: Level): boolean =>
  opened === 0 && saturation.length === 0 && cutOff === null;

const whyUnproven = (level: Level, levels: readonly Level[]): string => {
  const { sessions, opened, saturation, cutOff } = level;
  const [first] = saturation;
  if (first !== undefined) return `at ${sessions} the generator itself was the bottleneck: ${first}`;
  if (cutOff !== null) return `the step with ${sessions} was cut off: ${cutOff}`;
  if (goneAt(levels) === level) return `the server was not there any more at ${sessions}`;
  if (opened === 0) return "no session could be opened at all";
  if (opened < sessions) return `only ${opened} of ${sessions} were there, and the server had refused none`;
  return `at ${sessions} no tool call ended`;
};
