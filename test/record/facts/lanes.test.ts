import { expect, test } from "vitest";
import { LaneFit, type Lanes, lanesOf, type Span } from "../../../record/facts/lanes.ts";

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const chance = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

interface Server {
  /** How many calls it works on at once. */
  readonly lanes: number;
  /** Of the logarithm of its times; 0: always the same. */
  readonly spread: number;
  readonly networkMs?: number;
}

/** What a server that is sent ten calls at once makes of them. */
const burst = ({ lanes, spread, networkMs = 0 }: Server, random: () => number, calls = 10): Span[] => {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const freeMs = Array.from({ length: lanes }, () => 0);
  return Array.from({ length: calls }, (_, index) => {
    const sentMs = index * 0.05;
    const lane = freeMs.indexOf(Math.min(...freeMs));
    const doneMs = Math.max(sentMs, freeMs[lane] ?? 0) + 20 * Math.exp(spread * normal());
    freeMs[lane] = doneMs;
    return { sentMs, endMs: doneMs + networkMs + Math.abs(normal()) * 0.05 };
  });
};

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

const found = (server: Server, seed: number, bursts = 10) => {
  const random = chance(seed);
  const fit = new LaneFit();
  for (let each = 0; each < bursts; each++) fit.hear(burst(server, random));
  return lanesOf(fit.section());
};

test.each([0, 0.3, 0.6, 1].flatMap((spread) => [1, 2, 3, 5, 8, 10].map((lanes) => ({ lanes, spread }))))(
  "a server with $lanes lanes and a spread of $spread is known by ten bursts, in 19 of 20 runs",
  ({ lanes, spread }) => {
    const right: Lanes = lanes === 10 ? "all" : (lanes as Lanes);
    const hits = SEEDS.filter((seed) => found({ lanes, spread }, seed)?.lanes === right);
    expect(hits.length).toBeGreaterThanOrEqual(19);
  },
);

test.each([0, 0.3, 1])(
  "far away, with a spread of %d, one lane is one or not known, and no server without a queue has lanes",
  (spread) => {
    for (const seed of SEEDS) {
      expect(found({ lanes: 1, spread, networkMs: 15 }, seed)?.most ?? 1).toBe(1);
      expect(found({ lanes: 1, spread, networkMs: 60 }, seed)?.most ?? 1).toBe(1);
      expect(found({ lanes: 10, spread, networkMs: 60 }, seed)).toMatchObject({ lanes: "all" });
    }
  },
);

test("answers to calls that took the same time come in the order in which these were sent: nothing waited", () => {
  const fit = new LaneFit();
  const together = Array.from({ length: 10 }, (_, call) => ({ sentMs: call * 0.1, endMs: 100 + call * 6 }));
  for (let each = 0; each < 10; each++) fit.hear(together);
  expect(lanesOf(fit.section())).toBeNull();
});

/** Users that each make one call and then ten at once, think, and begin again: what all of them have under way is known. */
const busy = (users: number, { lanes, spread }: Server, seed: number) => {
  const random = chance(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const freeMs = Array.from({ length: lanes }, () => 0);
  const all: Span[] = [];
  const served = (sentMs: number): Span => {
    const lane = freeMs.indexOf(Math.min(...freeMs));
    const doneMs = Math.max(sentMs, freeMs[lane] ?? 0) + 20 * Math.exp(spread * normal());
    freeMs[lane] = doneMs;
    const span = { sentMs, endMs: doneMs + Math.abs(normal()) * 0.3 };
    all.push(span);
    return span;
  };
  const fit = new LaneFit();
  const nextMs = Array.from({ length: users }, () => random() * 200);
  for (let each = 0; each < 300; each++) {
    const user = nextMs.indexOf(Math.min(...nextMs));
    const nowMs = nextMs[user] ?? 0;
    const isBurst = each % 2 === 1;
    const others = all.filter(({ endMs }) => endMs > nowMs);
    const spans = Array.from({ length: isBurst ? 10 : 1 }, (_, index) => served(nowMs + index * 0.05));
    if (isBurst && others.length > 0) fit.hear(spans, others);
    nextMs[user] = Math.max(...spans.map(({ endMs }) => endMs)) + 100 + 200 * random();
  }
  return lanesOf(fit.section());
};

test.each(
  [5, 20].flatMap((users) => [0.1, 0.6, 1].flatMap((spread) => [1, 2, 5].map((lanes) => ({ users, spread, lanes })))),
)(
  "a server with $lanes lanes, a spread of $spread and $users users is known by bursts that come behind others",
  ({ users, spread, lanes }) => {
    const hits = SEEDS.slice(0, 10).filter((seed) => busy(users, { lanes, spread }, seed)?.lanes === lanes);
    expect(hits.length).toBeGreaterThanOrEqual(9);
  },
);

test.each([0.1, 0.6, 1])("no queue is seen where there is none, with twenty users and a spread of %d", (spread) => {
  for (const seed of SEEDS.slice(0, 10)) expect(busy(20, { lanes: 400, spread }, seed)).toMatchObject({ lanes: "all" });
});

test("a burst behind very many calls says nothing", () => {
  const fit = new LaneFit();
  fit.hear(burst({ lanes: 1, spread: 0.3 }, chance(1)), Array(501).fill({ sentMs: -1, endMs: 50 }));
  expect(fit.section().bursts).toBe(0);
});

test("what one call takes is told beside the lanes", () => {
  expect(found({ lanes: 1, spread: 0 }, 1)?.workMs).toBeCloseTo(20, 0);
  expect(found({ lanes: 5, spread: 0 }, 1)?.workMs).toBeCloseTo(20, 0);
});

test("nothing is said of two bursts, or of bursts of two calls", () => {
  expect(found({ lanes: 1, spread: 0.3 }, 1, 2)).toBeNull();
  const fit = new LaneFit();
  for (let each = 0; each < 10; each++) fit.hear(burst({ lanes: 1, spread: 0.3 }, chance(each), 2));
  expect(lanesOf(fit.section())).toBeNull();
});

test("several parts say what one that saw everything would say", () => {
  const random = chance(7);
  const bursts = Array.from({ length: 12 }, () => burst({ lanes: 3, spread: 0.6 }, random));
  const whole = new LaneFit();
  const [one, other] = [new LaneFit(), new LaneFit()];
  for (const [index, each] of bursts.entries()) {
    whole.hear(each);
    (index % 2 === 0 ? one : other).hear(each);
  }
  one.add(JSON.parse(JSON.stringify(other.section())));
  const [sum, all] = [lanesOf(one.section()), lanesOf(whole.section())];
  expect(sum).toMatchObject({ lanes: 3, bursts: 12 });
  expect(sum?.workMs).toBeCloseTo(all?.workMs ?? 0, 6);
});

test("a thousand calls at once are judged by their first hundred", () => {
  const fit = new LaneFit();
  fit.hear(burst({ lanes: 1, spread: 0.3 }, chance(1), 1_000));
  expect(fit.section()).toMatchObject({ bursts: 1, calls: 100 });
});
