import { describe, expect, test } from "vitest";
import { CLASSES_PER_OCTAVE, type LiveTimes, liveFigures } from "../../record/live-figures.ts";
import { OTHER_NAMES, Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";

const REST = { sessionsPeak: { learn: 3 }, generator: { level: "ok", reasons: [] } } as const;

const sample = (over: Partial<Sample>): Sample => ({
  name: "learn:tools/call:search",
  outcome: "ok",
  endMs: 1,
  responseMs: 1,
  bytesIn: 0,
  bytesOut: 0,
  ...over,
});

const recorded = (...samples: Partial<Sample>[]): Recording => {
  const recording = new Recording();
  for (const each of samples) recording.record(sample(each));
  return recording;
};

const valuesOf = (times: LiveTimes): number[] =>
  times.flatMap((at, index) =>
    index % 2 === 0 ? new Array<number>(times[index + 1] ?? 0).fill(2 ** (at / CLASSES_PER_OCTAVE) / 1000) : [],
  );

describe("live figures", () => {
  test("keep each time within 2.3 % over the whole range", () => {
    for (let ms = 0.05; ms < 3_000_000; ms *= 1.37) {
      const { names } = liveFigures(recorded({ serviceMs: ms }), REST);
      const [value = 0] = valuesOf(names["learn:tools/call:search"]?.service ?? []);
      expect(Math.abs(value / ms - 1), `${ms} ms`).toBeLessThan(0.023);
    }
  });

  test("count all outcomes, and time the good ones", () => {
    const recording = recorded(
      { serviceMs: 10, firstEventMs: 5 },
      { serviceMs: 10, firstEventMs: 5 },
      { outcome: "timeout", serviceMs: 60_000 },
    );
    const one = liveFigures(recording, REST).names["learn:tools/call:search"];
    expect(one?.counts).toEqual({ ok: 2, timeout: 1 });
    expect(valuesOf(one?.service ?? [])).toHaveLength(2);
    expect(valuesOf(one?.firstEvent ?? [])).toHaveLength(2);
  });

  test("hold operations alone, sixty names of them, and lose no count", () => {
    const names = Array.from({ length: 100 }, (_, at) => ({ name: `learn:tools/call:t${at}`, serviceMs: 1 }));
    const recording = recorded(...names, { name: "learn:auth/token", serviceMs: 1 });
    const shown = liveFigures(recording, REST).names;
    expect(Object.keys(shown)).toHaveLength(61);
    expect(shown[OTHER_NAMES]?.counts).toEqual({ ok: 40 });
    expect(valuesOf(shown[OTHER_NAMES]?.service ?? [])).toHaveLength(40);
    expect(Object.keys(shown).filter((name) => name.includes("auth"))).toEqual([]);
  });

  test("have the harness delay and the hidden requests", () => {
    const recording = recorded({ beforeMs: 0.5 });
    recording.delivered(2);
    recording.hidden("learn:GET stream", 3);
    const { harnessDelay, hidden } = liveFigures(recording, REST);
    expect(valuesOf(harnessDelay.before)).toHaveLength(1);
    expect(valuesOf(harnessDelay.after)[0]).toBeCloseTo(2, 1);
    expect(hidden).toBe(3);
  });
});
