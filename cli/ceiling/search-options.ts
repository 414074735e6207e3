/** The options of a search, read and checked. */

import { type Adaptive, DEFAULT_STEPS, type Plan } from "../../capacity/ceiling/next-step.ts";
import type { Limits } from "../../capacity/ceiling/step.ts";
import { parseDuration } from "../../config/duration.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { DEFAULT_LIMITS } from "../../record/limit-use.ts";
import { CommandError } from "../command-error.ts";

/** As commander hands them over. */
export interface TypedOptions {
  readonly slo?: string;
  readonly steps?: string;
  readonly step?: string;
  readonly to?: number;
  readonly adaptive?: boolean;
  readonly from?: number;
  readonly max?: number;
  readonly for?: string;
  readonly warmUp?: string;
  readonly pause?: string;
}

export interface Times {
  readonly stepMs: number;
  readonly warmUpMs: number;
  readonly pauseMs: number;
}

/**
 * Garbage collections, pools that fill and limits further behind show only after a minute or two (bursts often pass for 60 s);
 * six steps of two minutes are still done within a quarter of an hour.
 */
const DEFAULT_STEP = "2m";
/** Handshakes, first connections, empty caches. */
const DEFAULT_WARM_UP = "10s";
const DEFAULT_PAUSE = "2s";
const DEFAULT_MAX = 1000;
const MOST_STEPS = 200;
/** So often a level is run until it is sure. */
const MOST_RUNS = 3;

/** Below this a step misses what comes slowly. */
export const SHORT_STEP_MS = 120_000;

/** @throws {CommandError} */
export const timesOf = (typed: TypedOptions): Times => {
  const times = {
    stepMs: timeOf("--for", typed.for ?? DEFAULT_STEP),
    warmUpMs: timeOf("--warm-up", typed.warmUp ?? DEFAULT_WARM_UP),
    pauseMs: timeOf("--pause", typed.pause ?? DEFAULT_PAUSE),
  };
  if (times.stepMs < 1000) throw new CommandError("--for is too short: a step takes a second at least");
  return times;
};

const timeOf = (option: string, text: string): number => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new CommandError(`${option} ${text} is no time: write it as 30s or 2m`);
};

/** @throws {CommandError} */
export const planOf = (typed: TypedOptions): Plan => {
  const ways = [typed.steps, typed.step, typed.adaptive].filter((way) => way !== undefined);
  if (ways.length > 1) throw new CommandError("--steps, --step and --adaptive are three ways: take one of them");
  if (typed.adaptive === true) return adaptivePlan(typed);
  for (const option of ["from", "max"] as const) {
    if (typed[option] !== undefined) throw new CommandError(`--${option} is for --adaptive`);
  }
  if ((typed.step === undefined) !== (typed.to === undefined)) {
    throw new CommandError("--step and --to belong together, such as --step +5 --to 60");
  }
  const steps =
    typed.step !== undefined && typed.to !== undefined
      ? evenSteps(typed.step, typed.to)
      : typed.steps === undefined
        ? DEFAULT_STEPS
        : typedSteps(typed.steps);
  if (steps.length <= MOST_STEPS) return { kind: "ladder", steps };
  throw new CommandError(`${steps.length} steps are too many: ${MOST_STEPS} at most`);
};

const adaptivePlan = ({ from = 1, max = DEFAULT_MAX, to }: TypedOptions): Adaptive => {
  if (to !== undefined) throw new CommandError("--to is for --step; an adaptive search ends at --max");
  if (from > max) throw new CommandError(`--from ${from} lies above --max ${max}`);
  return { kind: "adaptive", from, max, mostRuns: MOST_RUNS };
};

const evenSteps = (text: string, to: number): number[] => {
  const by = Number(/^\+?([1-9]\d{0,5})$/.exec(text)?.[1]);
  if (Number.isNaN(by)) throw new CommandError(`--step ${text} is no step: write it as +5`);
  const steps = [1];
  for (let count = by; count < to && steps.length <= MOST_STEPS; count += by) if (count > 1) steps.push(count);
  return to > 1 ? [...steps, to] : steps;
};

const typedSteps = (text: string): number[] => {
  const steps = text.split(",").map((each) => (/^\s*[1-9]\d{0,5}\s*$/.test(each) ? Number(each) : Number.NaN));
  const isAscending = steps.every((count, index) => index === 0 || count > (steps[index - 1] ?? 0));
  if (steps.some(Number.isNaN) || !isAscending) {
    throw new CommandError(`--steps ${text} is no list of growing counts: write it as 1,5,10,20`);
  }
  return steps;
};

/** The largest count that a plan may come to. */
export const mostOf = (plan: Plan): number => (plan.kind === "ladder" ? (plan.steps.at(-1) ?? 0) : plan.max);

export interface ChosenLimits {
  readonly limits: Limits;
  /** Whose they are, in words. */
  readonly from: string;
}

/** @throws {CommandError} */
export const limitsOf = (typed: string | undefined, { name, slo }: ServerSettings): ChosenLimits => {
  const own: Limits = {
    p99Ms: slo?.p99Ms ?? DEFAULT_LIMITS.p99Ms,
    errorPercent: slo?.errorPercent ?? DEFAULT_LIMITS.errorPercent,
  };
  if (typed === undefined) {
    const from =
      slo?.p99Ms === undefined ? "our default; --slo or slo in loadtest.yaml sets another" : `slo of ${name}`;
    return { limits: own, from };
  }
  let limits = own;
  for (const part of typed.split(",")) {
    const [, key, value = ""] = /^\s*(p99|errors)=(\S+)\s*$/.exec(part) ?? [];
    const p99Ms = key === "p99" ? parseDuration(value) : null;
    const percent = key === "errors" ? /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(value)?.[1] : undefined;
    if (p99Ms !== null && p99Ms > 0) limits = { ...limits, p99Ms };
    else if (percent !== undefined && Number(percent) <= 100) limits = { ...limits, errorPercent: Number(percent) };
    else throw new CommandError(`--slo ${typed} cannot be read: write it as p99=2s or p99=2s,errors=1%`);
  }
  return { limits, from: "--slo" };
};
