/** The search against servers whose true ceiling is known: by formula, by construction, or from a simulation of a quarter of an hour. */

import { describe, expect, it } from "vitest";
import { answerOf } from "../../../capacity/ceiling/answer.ts";
import { CONFIDENCE_PERCENT } from "../../../capacity/ceiling/confidence.ts";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import type { Plan } from "../../../capacity/ceiling/next-step.ts";
import { regionsOf } from "../../../capacity/ceiling/regions.ts";
import { search } from "../../../capacity/ceiling/search.ts";
import type { Limits, StepMeasure } from "../../../capacity/ceiling/step.ts";
import { type Network, seeded, simulate } from "./closed-network.ts";
import { exactCeiling, slowShare } from "./exact-ceiling.ts";
import { step } from "./measures.ts";

const LIMITS: Limits = { p99Ms: 2000, errorPercent: 1 };
const SEEDS = Array.from({ length: 20 }, (_, index) => 7919 * (index + 1));
const ADAPTIVE: Plan = { kind: "adaptive", from: 1, max: 4096, mostRuns: 3 };
const LADDER: Plan = { kind: "ladder", steps: [1, 5, 10, 20, 30, 50, 75, 100, 125, 150] };

const queue = (places: number, serviceMs: number): Network => ({ places, serviceMs, thinkMs: 10 * serviceMs });

/** A fifth of a step: a simulated server is soon at its ease. */
const WARM_UP_SHARE = 0.2;

/** Long enough for some thousand calls near the ceiling. */
const searched = async (network: Network, plan: Plan, seed: number, lengthMs = 60_000) => {
  const random = seeded(seed);
  const measures = await search({
    plan,
    limits: LIMITS,
    runStep: async (sessions) => simulate(network, { sessions, random, warmUpMs: lengthMs * WARM_UP_SHARE, lengthMs }),
    pause: async () => undefined,
    onStep: () => undefined,
    isOver: () => false,
  });
  const levels = levelsOf(measures, LIMITS);
  return { measures, answer: answerOf(levels), reached: regionsOf(levels).reached };
};

type Searched = Awaited<ReturnType<typeof searched>>;

const ofAllSeeds = (network: Network, plan: Plan, lengthMs?: number): Promise<Searched[]> =>
  Promise.all(SEEDS.map((seed) => searched(network, plan, seed, lengthMs)));

const FIVE = queue(5, 100);
/** Once, for all that is asked of it. */
let heldOfFive: Promise<Searched[]> | undefined;
const ofFive = (): Promise<Searched[]> => (heldOfFive ??= ofAllSeeds(FIVE, ADAPTIVE));

/** Within a tenth, or within one step of the ladder. */
const isRight = ({ answer }: Searched, truth: number, stepsNear: readonly number[] = []): boolean =>
  answer.kind === "ceiling" &&
  (Math.abs(answer.sessions - truth) <= Math.max(1, truth / 10) || stepsNear.includes(answer.sessions));

const isSimulationNear = (network: Network, sessions: number): void => {
  const { batches } = simulate(network, {
    sessions,
    random: seeded(1),
    warmUpMs: 60_000,
    lengthMs: 900_000,
  });
  const calls = batches.reduce((sum, batch) => sum + batch.calls, 0);
  const times = batches.flatMap((batch) => batch.times);
  const slow = times.reduce((sum, [us, count]) => sum + (us > LIMITS.p99Ms * 1000 ? count : 0), 0);
  const exact = slowShare(network, sessions, LIMITS.p99Ms);
  expect(Math.abs(slow / calls - exact)).toBeLessThan(0.2 * exact);
};

describe("the simulated server", () => {
  it("has the share of slow calls that queueing theory says", () => {
    isSimulationNear(queue(5, 100), 120);
    isSimulationNear(queue(20, 100), 520);
  });
});

describe("the adaptive search, 20 seeds", () => {
  it.each([
    [5, 100, ofFive],
    [20, 100, () => ofAllSeeds(queue(20, 100), ADAPTIVE, 15_000)],
    [80, 200, () => ofAllSeeds(queue(80, 200), ADAPTIVE, 10_000)],
  ])("finds the ceiling of %i places behind one queue", async (places, serviceMs, searches) => {
    const truth = exactCeiling(queue(places, serviceMs), LIMITS.p99Ms);
    const found = await searches();
    expect(found.filter((each) => isRight(each, truth)).length).toBeGreaterThanOrEqual(19);
    expect(found.map(({ reached }) => reached)).toEqual(SEEDS.map(() => "knee"));
  });

  it("puts the true ceiling into its interval as often as it claims", async () => {
    const truth = exactCeiling(FIVE, LIMITS.p99Ms);
    const holding = (await ofFive()).filter(
      ({ answer }) =>
        answer.kind === "ceiling" &&
        answer.surelyKept < truth &&
        (answer.surelyBroken === null || truth <= answer.surelyBroken),
    );
    expect(holding.length).toBeGreaterThanOrEqual((SEEDS.length * CONFIDENCE_PERCENT) / 100);
  });

  it("claims no more where steps differ by a third for reasons that no single one can see", async () => {
    const truth = 100;
    const misses = [];
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(7919 * seed);
      const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const runStep = async (sessions: number) =>
        step(sessions, Math.round(LIMITS.p99Ms * (sessions / (truth - 0.5)) * Math.exp(0.3 * normal())));
      const quiet = { limits: LIMITS, pause: async () => undefined, onStep: () => undefined, isOver: () => false };
      const answer = answerOf(levelsOf(await search({ ...quiet, plan: ADAPTIVE, runStep }), LIMITS));
      if (answer.kind !== "ceiling" || !answer.isRepeated) continue;
      const isAbove = answer.surelyKept < truth;
      if (!isAbove || (answer.surelyBroken !== null && answer.surelyBroken < truth)) misses.push(seed);
    }
    expect(misses.length).toBeLessThanOrEqual(100 - CONFIDENCE_PERCENT);
  });

  it("finds a limit of 20 sessions exactly, as a cliff", async () => {
    const network = { ...queue(Number.POSITIVE_INFINITY, 100), mostSessions: 20 };
    for (const { answer, reached } of await ofAllSeeds(network, ADAPTIVE)) {
      expect(answer).toMatchObject({ kind: "ceiling", sessions: 21, breach: "sessions", surelyKept: 20 });
      expect(reached).toBe("cliff");
    }
  });

  it("finds where a pool of five begins to give up waiting calls, as a cliff", async () => {
    const network = { ...queue(5, 100), waitLimitMs: 1000 };
    const failing = (sessions: number): number => {
      const { batches } = simulate(network, {
        sessions,
        random: seeded(1),
        warmUpMs: 60_000,
        lengthMs: 900_000,
      });
      const calls = batches.reduce((sum, batch) => sum + batch.calls, 0);
      return batches.reduce((sum, batch) => sum + batch.failures, 0) / calls;
    };
    let truth = 60;
    while (failing(truth) <= LIMITS.errorPercent / 100) truth += 1;
    const found = await ofAllSeeds(network, ADAPTIVE, 40_000);
    expect(found.filter((each) => isRight(each, truth)).length).toBeGreaterThanOrEqual(19);
    for (const { reached } of found) expect(reached).toBe("cliff");
  });

  it("invents no ceiling for a server that has none", async () => {
    const found = await ofAllSeeds(queue(Number.POSITIVE_INFINITY, 100), { ...ADAPTIVE, max: 256 }, 30_000);
    for (const { answer, reached } of found) {
      expect(answer).toMatchObject({ kind: "at-least", sessions: 256, isSure: true });
      expect(reached).toBe("flat");
    }
  });
});

describe("the ladder, 20 seeds", () => {
  it("names the step of the true ceiling, or one beside it", async () => {
    const network = queue(5, 100);
    const truth = exactCeiling(network, LIMITS.p99Ms);
    expect(truth).toBe(120);
    const found = await ofAllSeeds(network, LADDER);
    expect(found.filter((each) => isRight(each, truth, [100, 125, 150])).length).toBeGreaterThanOrEqual(19);
    expect(found.map(({ reached }) => reached)).toEqual(SEEDS.map(() => "knee"));
  });

  it("says below the first step when that one breaks the limit", async () => {
    const { answer } = await searched(
      { places: 1, serviceMs: 900, thinkMs: 100 },
      { kind: "ladder", steps: [1, 5] },
      1,
    );
    expect(answer).toEqual({ kind: "below", sessions: 1, breach: "p99", isSure: true });
  });
});

describe("a search", () => {
  const network = queue(5, 100);
  const one = (sessions: number): StepMeasure =>
    simulate(network, { sessions, random: seeded(sessions), warmUpMs: 1000, lengthMs: 10_000 });
  const quiet = { limits: LIMITS, pause: async () => undefined, onStep: () => undefined, isOver: () => false };

  it("runs every step of a ladder, whatever broke before", async () => {
    const measures = await search({ ...quiet, plan: LADDER, runStep: async (sessions) => one(sessions) });
    expect(measures.map(({ sessions }) => sessions)).toEqual(LADDER.kind === "ladder" ? LADDER.steps : []);
  });

  it("goes on from saved steps as if it had never stopped", async () => {
    const runStep = async (sessions: number): Promise<StepMeasure> => one(sessions);
    const whole = await search({ ...quiet, plan: ADAPTIVE, runStep });
    const resumed = await search({ ...quiet, plan: ADAPTIVE, runStep }, whole.slice(0, 5));
    expect(resumed).toEqual(whole);
  });

  it("ends upward at a step whose generator was the bottleneck, and proves nothing by it", async () => {
    const runStep = async (sessions: number): Promise<StepMeasure> => ({
      ...one(sessions),
      saturation: sessions >= 10 ? ["Locust used 97% of its core"] : [],
    });
    const measures = await search({ ...quiet, plan: LADDER, runStep });
    expect(measures.map(({ sessions }) => sessions)).toEqual([1, 5, 10]);
    expect(answerOf(levelsOf(measures, LIMITS))).toMatchObject({
      kind: "at-least",
      sessions: 5,
      why: "at 10 the generator itself was the bottleneck: Locust used 97% of its core",
    });
  });

  it("keeps what it has when it is ended before a step has begun", async () => {
    let isOver = false;
    const runStep = async (sessions: number): Promise<StepMeasure> => {
      if (sessions < 10) return one(sessions);
      isOver = true;
      throw new Error("no run");
    };
    const measures = await search({ ...quiet, plan: LADDER, runStep, isOver: () => isOver });
    expect(measures.map(({ sessions }) => sessions)).toEqual([1, 5]);
  });

  it("rejects when a step cannot be run and nobody has ended it", async () => {
    const runStep = async (): Promise<StepMeasure> => {
      throw new Error("no run");
    };
    await expect(search({ ...quiet, plan: LADDER, runStep })).rejects.toThrow("no run");
  });

  it.each([
    ["whose Locust was killed", { cutOff: "Locust was ended by SIGKILL" }, "the step with 10 was cut off"],
    ["that found nobody there", { opened: 0, refused: 50 }, "the server was not there any more at 10"],
  ])("ends at a step %s, which breaks nothing", async (_, over, why) => {
    const runStep = async (sessions: number): Promise<StepMeasure> => ({
      ...one(sessions),
      ...(sessions === 10 && over),
    });
    for (const plan of [LADDER, { ...ADAPTIVE, from: 5 } as const]) {
      const measures = await search({ ...quiet, plan, runStep });
      expect(measures.at(-1)?.sessions).toBe(10);
      expect(answerOf(levelsOf(measures, LIMITS))).toMatchObject({
        kind: "at-least",
        sessions: 5,
        why: expect.stringContaining(why),
      });
    }
  });

  it("leaves out the step during which it was ended", async () => {
    let isOver = false;
    const runStep = async (sessions: number): Promise<StepMeasure> => {
      isOver = sessions === 10;
      return one(sessions);
    };
    const told: number[] = [];
    const measures = await search({
      ...quiet,
      plan: LADDER,
      runStep,
      isOver: () => isOver,
      onStep: (all) => told.push(all.length),
    });
    expect(measures.map(({ sessions }) => sessions)).toEqual([1, 5]);
    expect(told).toEqual([1, 2]);
  });
});
