import { expect, test } from "vitest";
import { SILENCES } from "../../../record/facts/silences.ts";
import { sample } from "../samples.ts";

/** Ten users, one call after the other, 5 ms each; nothing ends while the server is `blocked`. */
const run = (blocked: readonly { fromMs: number; ms: number }[], users = 10, untilMs = 2_000) => {
  const keeper = SILENCES.keeper();
  const ends: { endMs: number; serviceMs: number }[] = [];
  for (let user = 0; user < users; user++) {
    let nowMs = user * 0.5;
    while (nowMs < untilMs) {
      let endMs = nowMs + 5;
      for (const { fromMs, ms } of blocked) if (endMs > fromMs && nowMs < fromMs + ms) endMs = fromMs + ms + user * 0.1;
      ends.push({ endMs, serviceMs: endMs - nowMs });
      nowMs = endMs;
    }
  }
  for (const end of ends.sort((a, b) => a.endMs - b.endMs)) keeper.hear(sample(end));
  return keeper;
};

test("a server that answers nobody for long, and then all at once, was silent", () => {
  const section = run([
    { fromMs: 500, ms: 300 },
    { fromMs: 1_200, ms: 200 },
  ]).section();
  expect(section.learn).toMatchObject({ silences: 2, waited: 20, lengths: { count: 2 } });
  expect(section.learn?.lengths.minMs).toBeCloseTo(201, -1);
  expect(section.learn?.lengths.maxMs).toBeCloseTo(300, -1);
});

test("a short pause is none", () => {
  expect(run([{ fromMs: 500, ms: 80 }]).section()).toEqual({});
});

test("what a few calls waited for may be chance", () => {
  expect(run([{ fromMs: 500, ms: 300 }], 4).section()).toEqual({});
});

test("users that think are not waiting", () => {
  const keeper = SILENCES.keeper();
  for (let call = 0; call < 100; call++) keeper.hear(sample({ endMs: Math.floor(call / 10) * 500, serviceMs: 5 }));
  expect(keeper.section()).toEqual({});
});

test("one slow call among quick ones is no silence", () => {
  const keeper = SILENCES.keeper();
  for (let ms = 0; ms < 1_000; ms += 5) keeper.hear(sample({ endMs: ms, serviceMs: 5 }));
  keeper.hear(sample({ endMs: 1_000, serviceMs: 900 }));
  expect(keeper.section()).toEqual({});
});

test("silences of two parts add up", () => {
  const one = run([{ fromMs: 500, ms: 300 }]).section();
  const sum = SILENCES.keeper();
  sum.add(one);
  sum.add(one);
  expect(sum.section().learn).toMatchObject({ silences: 2, waited: 20, lengths: { count: 2 } });
});
