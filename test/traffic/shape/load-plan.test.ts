import { describe, expect, test } from "vitest";
import { type Load, loadSchema } from "../../../traffic/load-schema.ts";
import { planLoad, planName, planPeak, planText, type TypedLoad } from "../../../traffic/shape/load-plan.ts";
import { PROFILES, profileStages } from "../../../traffic/shape/profiles.ts";
import { toldLoad } from "../../../traffic/shape/told-load.ts";

const file = (load: unknown): Load => loadSchema.parse(load) as Load;
const textOf = (load: Load | undefined, typed: TypedLoad): string | null => {
  const plan = planLoad(load, typed);
  return plan && planText(plan);
};

const MINUTE = 60_000;

describe("built-in shapes", () => {
  test.each([
    ["smoke", "2m=1"],
    ["ramp", "150s:10,5m=10,150s:0"],
    ["spike", "5m=10"],
    ["spike(base=2,users=20,time=4m)", "1m=2,2m=20,1m=2"],
    ["staircase", "5m=2,5m=4,5m=6,5m=8,5m=10"],
    ["staircase(users=3)", "5m=1,5m=2,5m=3"],
    ["staircase(levels=1/5/10/20/30/50,pause=2s)", "5m=1,2s=0,5m=5,2s=0,5m=10,2s=0,5m=20,2s=0,5m=30,2s=0,5m=50"],
    ["staircase(users=10,steps=2,time=62s,pause=2s)", "30s=5,2s=0,30s=10"],
    ["bursts(time=5m)", "1m=10,1m=0,1m=10,1m=0,1m=10"],
    ["bursts(time=1m,burst=20s,idle=10s,base=1)", "20s=10,10s=1,20s=10"],
    ["soak", "1m:10,29m=10"],
    ["soak(time=1m)", "6s:10,54s=10"],
  ])("%s is %s", (shape, stages) => {
    expect(textOf(undefined, { shape })).toBe(stages);
  });

  test("users and time are those that were typed, unless the text says them itself", () => {
    const typed = { users: 40, runTimeMs: 4 * MINUTE };
    expect(textOf(undefined, { shape: "ramp", ...typed })).toBe("1m:40,2m=40,1m:0");
    expect(textOf(undefined, { shape: "ramp(users=4)", ...typed })).toBe("1m:4,2m=4,1m:0");
    expect(textOf(undefined, { shape: "30s:5", ...typed })).toBe("30s:5");
  });

  test.each(PROFILES)("%s of 7 users and 7 minutes lasts no longer, and has no more", (profile) => {
    const stages = profileStages(profile, { users: 7, time: 7 * MINUTE });
    expect(Math.max(...stages.map(({ users }) => users))).toBe(7);
    expect(stages.reduce((sum, { forMs }) => sum + forMs, 0)).toBeLessThanOrEqual(7 * MINUTE);
  });
});

test.each([
  ["soka", /names the shape "soka", which is not there: did you mean/],
  ["landslide", /built in are smoke, ramp, spike, staircase, bursts, soak/],
  ["soak(base=2)", /has base, which the profile soak does not know: it has users, time/],
  ["soak(user=2)", /has the parameter "user": did you mean users\?/],
  ["soak(users=none)", /has users=none: write it as users=50/],
  ["soak(users=0)", /write it as users=50/],
  ["staircase(levels=5/x)", /write it as levels=1\/5\/10\/20/],
  ["staircase(time=10s,pause=5s,steps=5)", /all pauses/],
  ["bursts(time=720h,burst=1s,idle=1s)", /would be 1296000 bursts: at most 500/],
  [`${"1s:1,".repeat(2000)}1s:1`, /too long to be a shape/],
])("%j is refused with what to write instead", (shape, sentence) => {
  expect(() => planLoad(undefined, { shape })).toThrow(sentence);
});

describe("which shape a run has", () => {
  const load = file({ shape: "peak", shapes: { peak: "30s:5", waves: { profile: "bursts", users: 3, time: "1m" } } });

  test("none without a word about it, and none by the word none", () => {
    expect(planLoad(undefined, {})).toBeNull();
    expect(planLoad(file({ startJitter: "500ms" }), { users: 5 })).toBeNull();
    expect(planLoad(load, { shape: "none" })).toBeNull();
  });

  test("what was typed goes before the file, whose own shapes go by their names", () => {
    expect(textOf(load, {})).toBe("30s:5");
    expect(textOf(load, { shape: "waves", users: 99 })).toBe("1m=3");
    expect(textOf(load, { shape: "waves(users=8,time=3m)" })).toBe("1m=8,1m=0,1m=8");
    expect(textOf(load, { shape: "10s=1" })).toBe("10s=1");
    expect(planName(planLoad(load, {}) ?? expect.fail())).toBe("peak");
    expect(() => planLoad(load, { shape: "peek" })).toThrow(/did you mean peak/);
    expect(() => planLoad(load, { shape: "peak(users=3)" })).toThrow(/stages of its own/);
  });

  test("scenarios keep their own shapes, and the run ends with the longest", () => {
    const two = file({
      scenarios: {
        readers: { shape: "1m=10,1m:0", servers: ["a"] },
        writers: { shape: "bursts(time=1m)", users: 4, after: "90s", classes: ["B"] },
      },
    });
    const plan = planLoad(two, { users: 1000, runTimeMs: 1000 }) ?? expect.fail();
    expect(planText(plan)).toBe("readers 1m=10,1m:0; writers 90s=0,1m=4");
    expect([plan.lengthMs, planPeak(plan), planName(plan)]).toEqual([150_000, 10, "readers, writers"]);
    // A typed shape is for all, and the scenarios rest.
    expect(textOf(two, { shape: "5s=2" })).toBe("5s=2");
  });

  test("the peak of scenarios is that of their sum, also where one begins when another ends", () => {
    const peak = (a: string, b: string) =>
      planPeak(
        planLoad(file({ scenarios: { a: { shape: a, servers: ["a"] }, b: { shape: b, servers: ["b"] } } }), {}) ??
          expect.fail(),
      );
    expect(peak("10s=5", "5s=1,5s=7")).toBe(12);
    expect(peak("10s=5,10s=0", "10s=0,10s=7")).toBe(7);
    expect(peak("10s:10", "10s=4")).toBe(14);
  });
});

test("Python is told plain segments in seconds, and nothing when there is nothing to do", () => {
  expect(toldLoad(undefined, { users: 3 })).toBeNull();
  expect(toldLoad(file({ startJitter: "500ms" }), {})).toEqual({ startJitter: 0.5, plan: null });
  expect(toldLoad(undefined, { shape: "30s:5,500ms=10" })).toEqual({
    startJitter: 0,
    plan: {
      name: "stages",
      text: "30s:5,500ms=10",
      seconds: 30.5,
      peak: 10,
      scenarios: [
        {
          name: null,
          servers: null,
          classes: null,
          segments: [
            [0, 30, 0, 5],
            [30, 30.5, 10, 10],
          ],
        },
      ],
    },
  });
});

test("a wrong shape that was typed is a fault of the configuration, in one sentence", () => {
  expect(() => toldLoad(undefined, { shape: "soka" })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", faults: [expect.stringMatching(/^the load shape names/)] }),
  );
});
