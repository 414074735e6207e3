/** Runs that never took place: lognormal times, slow seconds that hit all calls, and a build that is a little different each time. */
import type { Block } from "../../../gate/compare/blocks.ts";
import { figuresOfRun } from "../../../gate/compare/figures-of-run.ts";
import type { RunFigures } from "../../../gate/compare/run-figures.ts";
import { Times, toUs } from "../../../record/times.ts";
import { seeded } from "../../capacity/ceiling/closed-network.ts";

export interface Simulated {
  readonly seed: number;
  /** All times are this many times as long. */
  readonly factor?: number;
  readonly errorShare?: number;
  /** Standard deviation of the logarithm from run to run. */
  readonly runToRun?: number;
  readonly seconds?: number;
  /** Standard deviation of the logarithm from second to second. */
  readonly slowSeconds?: number;
  /** How much of it stays from one second to the next: 0 to 1. */
  readonly lasting?: number;
  /** By name: median in ms, and calls a second. */
  readonly names?: Readonly<Record<string, readonly [medianMs: number, perSecond: number]>>;
}

export const NAMES = {
  "learn:tools/call:fetch": [290, 10],
  "learn:tools/call:list": [60, 15],
  "learn:tools/call:search": [380, 30],
} as const;

const SIGMA = 0.55;

export const simulatedRun = ({
  seed,
  factor = 1,
  errorShare = 0,
  runToRun = 0.02,
  seconds = 15,
  slowSeconds = 0.04,
  lasting = 0,
  names = NAMES,
}: Simulated): RunFigures => {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ofRun = factor * Math.exp(runToRun * normal());
  let slowness = normal();
  const ofSecond = Array.from({ length: seconds }, () => {
    slowness = lasting * slowness + Math.sqrt(1 - lasting ** 2) * normal();
    return Math.exp(slowSeconds * slowness);
  });
  const byName = new Map<string, Block[]>();
  for (const [name, [medianMs, perSecond]] of Object.entries(names)) {
    const blocks = ofSecond.map((slow): Block => {
      const block = { seconds: 1, count: 0, failures: 0, times: new Times() };
      const calls = Math.max(0, Math.round(perSecond + Math.sqrt(perSecond) * 0.5 * normal()));
      for (let call = 0; call < calls; call++) {
        block.count += 1;
        if (random() < errorShare) block.failures += 1;
        else block.times.record(toUs(medianMs * ofRun * slow * Math.exp(SIGMA * normal())));
      }
      return block;
    });
    byName.set(name, blocks);
  }
  const counted = [...byName].map(([name, blocks]) => {
    const sum = (of: "count" | "failures"): number => blocks.reduce((all, block) => all + block[of], 0);
    return [name, { count: sum("count"), failures: sum("failures") }] as const;
  });
  return {
    id: `run-${seed}`,
    startedAt: "2026-03-01T10:00:00.000Z",
    seconds,
    faults: [],
    generator: "ok",
    load: { users: 20 },
    versions: { swarmbridge: "0.1.0" },
    targets: { learn: "loopback" },
    planned: [],
    source: "histograms",
    ...figuresOfRun(byName, counted, seconds),
  };
};
