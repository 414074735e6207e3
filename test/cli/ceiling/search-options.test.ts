import { describe, expect, it } from "vitest";
import { refuseTooMany, refuseWithoutDescriptors } from "../../../cli/ceiling/admitted.ts";
import { limitsOf, planOf, timesOf } from "../../../cli/ceiling/search-options.ts";
import { serverSettings } from "../../server-settings.ts";

describe("the plan of a search", () => {
  it.each([
    [{}, [1, 5, 10, 20, 30, 50]],
    [{ steps: "2, 4,8" }, [2, 4, 8]],
    [{ step: "+5", to: 20 }, [1, 5, 10, 15, 20]],
    [{ step: "10", to: 25 }, [1, 10, 20, 25]],
    [{ step: "+1", to: 3 }, [1, 2, 3]],
  ])("of %j is a ladder", (typed, steps) => {
    expect(planOf(typed)).toEqual({ kind: "ladder", steps });
  });

  it("is adaptive by word, from 1 to 1000", () => {
    expect(planOf({ adaptive: true })).toEqual({ kind: "adaptive", from: 1, max: 1000, mostRuns: 3 });
  });

  it.each([
    [{ steps: "5,1" }, "growing"],
    [{ steps: "1,x" }, "growing"],
    [{ step: "+5" }, "belong together"],
    [{ step: "5s", to: 10 }, "no step"],
    [{ step: "+1", to: 5000 }, "too many"],
    [{ steps: "1", adaptive: true }, "three ways"],
    [{ max: 5 }, "for --adaptive"],
    [{ adaptive: true, from: 9, max: 5 }, "lies above"],
  ])("refuses %j", (typed, words) => {
    expect(() => planOf(typed)).toThrow(words);
  });

  it("has steps of two minutes behind ten seconds", () => {
    expect(timesOf({})).toEqual({ stepMs: 120_000, warmUpMs: 10_000, pauseMs: 2_000 });
    expect(() => timesOf({ for: "soon" })).toThrow("--for soon is no time");
  });
});

describe("the limits of a search", () => {
  it("are those of the server, else ours, and says whose", () => {
    expect(limitsOf(undefined, serverSettings({ slo: { p99Ms: 800, errorPercent: 2 } }))).toEqual({
      limits: { p99Ms: 800, errorPercent: 2 },
      from: "slo of learn",
    });
    const { limits, from } = limitsOf(undefined, serverSettings());
    expect(limits).toEqual({ p99Ms: 5000, errorPercent: 1 });
    expect(from).toContain("our default");
  });

  it("are what --slo says, where it says something", () => {
    expect(limitsOf("p99=2s,errors=0.5%", serverSettings()).limits).toEqual({ p99Ms: 2000, errorPercent: 0.5 });
    expect(limitsOf("errors=0%", serverSettings()).limits).toEqual({ p99Ms: 5000, errorPercent: 0 });
    for (const wrong of ["2s", "p99=2", "p50=2s", "errors=300%"]) {
      expect(() => limitsOf(wrong, serverSettings())).toThrow("cannot be read");
    }
  });
});

describe("before anything runs", () => {
  const theirs = { url: "https://mcp.example.com/mcp" };

  it("more users than other people's servers are held to are refused", () => {
    expect(() => refuseTooMany(serverSettings(theirs), 50)).toThrow("held to 17 users");
    expect(() => refuseTooMany(serverSettings(theirs), 17)).not.toThrow();
    expect(() => refuseTooMany(serverSettings({ ...theirs, allow: { users: 40, callsPerSecond: 9 } }), 50)).toThrow(
      "holds it to 40 users",
    );
    expect(() => refuseTooMany(serverSettings(), 5000)).not.toThrow();
  });

  it("more sessions than a process may have open files are refused", () => {
    expect(() => refuseWithoutDescriptors(5000, 4096)).toThrow("ulimit -n");
    expect(() => refuseWithoutDescriptors(5000, null)).not.toThrow();
  });
});
