import { describe, expect, test } from "vitest";
import { compareWithProbe } from "../../../capacity/probe/compare.ts";
import { handshakesOf } from "../../../capacity/probe/handshakes.ts";
import { resultsFolder, withHead, writeRecord } from "../../gate/written-record.ts";
import { gauges, sample } from "../../record/samples.ts";
import { history, MINUTE_MS } from "./probes.ts";

const steady = history({ count: 100, ms: () => 40 });
const run = (medianMs: number, { count = 100, maxMs = medianMs, lengthMs = 60 * MINUTE_MS } = {}) => {
  const times = { count, medianMs, maxMs };
  return { alone: times, all: times, lengthMs };
};

describe("the gap between N=1 and the probe's median", () => {
  test.each([
    [40, "near"],
    [49, "near"],
    [59, "near"],
    [65, "apart"],
    [81, "wide"],
    [15, "wide"],
  ] as const)("of %d ms against 40 is %s", (ms, gap) => {
    expect(compareWithProbe(steady, run(ms))).toMatchObject({ gap, probeMs: 40, runMs: ms });
  });

  test("between quick ones is none: 3 ms and 9 ms are the same picture", () => {
    expect(compareWithProbe(history({ count: 50, ms: () => 3 }), run(9)).gap).toBe("near");
  });

  test("points to the side that is slower", () => {
    expect(compareWithProbe(steady, run(10)).lines[0]).toContain("Look at the probe's network or region first");
    expect(compareWithProbe(steady, run(90)).lines[0]).toContain("the network or region that the run came from");
  });

  test("is not judged from too few probes, or from a run in which nobody was ever alone", () => {
    expect(compareWithProbe(steady.slice(0, 19), run(40)).gap).toBe("not-judged");
    const none = { ...run(40), alone: { count: 0, medianMs: 0, maxMs: 0 } };
    expect(compareWithProbe(steady, none)).toMatchObject({ gap: "not-judged", runMs: null });
  });

  test("of imported times is said to perhaps hold connecting", () => {
    const imported = steady.map((probe) => ({ ...probe, isImported: true }));
    expect(compareWithProbe(imported, run(40)).lines.at(-1)).toContain("may contain connecting");
  });
});

describe("spikes of the probe", () => {
  const spiky = history({ count: 1_000, ms: (index) => (index % 10 === 3 ? 900 : 40) });

  test("that the run lacks, though it was long enough to meet some, are infrastructure, and their period is named", () => {
    const told = compareWithProbe(spiky, run(40));
    expect(told).toMatchObject({ spikes: "absent", periodMs: 10 * MINUTE_MS });
    expect(told.lines.join(" ")).toContain("infrastructure. They come every 10 min 00 s: look for cron jobs");
  });

  test("every minute, seen by a probe that looks often, are health checks", () => {
    const often = history({ count: 2_000, everyMs: 10_000, ms: (index) => (index % 6 === 2 ? 900 : 40) });
    expect(compareWithProbe(often, run(40)).lines.join(" ")).toContain("health checks of a balancer");
  });

  test("without a period are pauses of the host", () => {
    const primes = new Set([31, 101, 103, 211, 367, 503, 509, 641, 733, 907, 911, 977]);
    const told = compareWithProbe(
      history({ count: 1_000, ms: (index) => (primes.has(index) ? 900 : 40) }),
      run(40, { count: 1_000 }),
    );
    expect(told).toMatchObject({ spikes: "absent", periodMs: null });
    expect(told.lines.join(" ")).toContain("garbage collections and other pauses");
  });

  test("prove nothing when the run had too few handshakes, or was shorter than their period", () => {
    expect(compareWithProbe(spiky, run(40, { count: 5 })).spikes).toBe("not-judged");
    expect(compareWithProbe(spiky, run(40, { lengthMs: 5 * MINUTE_MS })).spikes).toBe("not-judged");
  });

  test("that the run has as well are the server's", () => {
    expect(compareWithProbe(spiky, run(40, { maxMs: 1_000 })).spikes).toBe("shared");
  });

  test("are not there in a quiet history", () => {
    expect(compareWithProbe(steady, run(40)).spikes).toBe("none");
  });
});

describe("the handshakes of a run", () => {
  const INITIALIZE = "learn:initialize";
  const record = (users: number) => {
    const one = (serviceMs: number) => sample({ name: INITIALIZE, serviceMs });
    const { file } = writeRecord(resultsFolder(), [one(40), one(42), one(200)], { readings: [gauges({ users })] });
    const sessions = { ...file.sessions, byServer: { learn: { peak: users, leftOpen: 0 } } };
    // Buckets of 40 ms, twice, alone at the server; of 200 ms with three beside it.
    const bucket = (ms: number) => Math.floor(Math.log(ms * 1000) / Math.log(1.1));
    const bands = [
      { most: 1, underWay: 2, outcomes: { ok: 2 }, ok: [bucket(40), 2] },
      { most: 4, underWay: 4, outcomes: { ok: 1 }, ok: [bucket(200), 1] },
    ];
    return withHead(
      { dir: "", file, failures: [], damage: [] },
      { sessions, facts: { byLoad: { [INITIALIZE]: bands } } },
    );
  };

  test("of one user are its exact times", () => {
    const { alone } = handshakesOf(record(1).file, "learn");
    expect(alone).toMatchObject({ count: 3, maxMs: 200 });
    expect(alone.medianMs).toBeCloseTo(42, 1);
  });

  test("of many users are those that had nothing beside them, to within 5 %", () => {
    const { alone, all } = handshakesOf(record(4).file, "learn");
    expect(alone.count).toBe(2);
    expect(Math.abs(alone.medianMs - 40)).toBeLessThan(2.1);
    expect(all).toMatchObject({ count: 3, maxMs: 200 });
  });

  test("of a server that the run does not know are none", () => {
    expect(handshakesOf(record(4).file, "other").all.count).toBe(0);
  });
});
