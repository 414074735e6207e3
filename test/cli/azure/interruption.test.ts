import { describe, expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { Interruption } from "../../../cli/azure/interruption.ts";

interface Scene {
  readonly interruption: Interruption;
  /** `say …`, `ask`, `stop`, `exit N`, in order. */
  readonly seen: string[];
  readonly answer: (text: string) => void;
}

const scene = ({
  isInteractive = true,
  is = "running" as "starting" | "running",
  stop = async (): Promise<boolean> => true,
} = {}): Scene => {
  const seen: string[] = [];
  let answer: (text: string) => void = () => undefined;
  const interruption = new Interruption({
    isInteractive,
    say: (text) => seen.push(`say ${text}`),
    ask: () => {
      seen.push("ask");
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    exit: (code) => seen.push(`exit ${code}`),
  });
  const stopping = (): Promise<boolean> => {
    seen.push("stop");
    return stop();
  };
  interruption.phase = { is, testRunId: "r1", stop: stopping };
  return { interruption, seen, answer: (text) => answer(text) };
};

const without = (seen: readonly string[]): string[] => seen.filter((line) => !line.startsWith("say"));

test("before a run is started it says what is left behind, and ends", async () => {
  const { interruption, seen } = scene();
  interruption.phase = { is: "leaving-is-safe", text: "no run was started" };
  await interruption.take("SIGINT");
  expect(seen).toEqual(["say no run was started", "exit 130"]);
});

describe("on a terminal", () => {
  test("s stops the run, and it is followed to its end", async () => {
    const { interruption, seen, answer } = scene();
    const taken = interruption.take("SIGINT");
    answer("s\n");
    await taken;
    expect(without(seen)).toEqual(["ask", "stop"]);
    expect(interruption.hasStopped).toBe(true);
  });

  test("d leaves it running, and says how to come back", async () => {
    const { interruption, seen, answer } = scene();
    const taken = interruption.take("SIGINT");
    answer("d\n");
    await taken;
    expect(without(seen)).toEqual(["ask", "exit 130"]);
    expect(seen.join()).toContain("swarmbridge azure status --wait r1");
    expect(seen.join()).toContain("swarmbridge azure stop r1");
  });

  test("anything else follows on, and the next Ctrl-C asks again", async () => {
    const { interruption, seen, answer } = scene();
    const taken = interruption.take("SIGINT");
    answer("\n");
    await taken;
    void interruption.take("SIGINT");
    expect(without(seen)).toEqual(["ask", "ask"]);
  });

  test("a second Ctrl-C detaches at once", async () => {
    const { interruption, seen } = scene();
    void interruption.take("SIGINT");
    await interruption.take("SIGINT");
    expect(without(seen)).toEqual(["ask", "exit 130"]);
  });

  test("a Ctrl-C after s does not wait for the run's end", async () => {
    const { interruption, seen, answer } = scene();
    const taken = interruption.take("SIGINT");
    answer("s");
    await taken;
    await interruption.take("SIGINT");
    expect(without(seen)).toEqual(["ask", "stop", "exit 130"]);
  });

  test("an answer that comes after the run's end does nothing", async () => {
    const { interruption, seen, answer } = scene();
    const taken = interruption.take("SIGINT");
    interruption.phase = { is: "leaving-is-safe", text: "ended" };
    answer("s");
    await taken;
    expect(without(seen)).toEqual(["ask"]);
  });

  test("a terminal that is closed leaves the run alone", async () => {
    const { interruption, seen } = scene();
    await interruption.take("SIGHUP");
    expect(without(seen)).toEqual(["exit 129"]);
  });
});

describe("without a terminal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s stops the run and ends", async (signal, code) => {
    const { interruption, seen } = scene({ isInteractive: false });
    await interruption.take(signal);
    expect(without(seen)).toEqual(["stop", `exit ${code}`]);
  });

  test("the SIGTERM that follows a SIGINT does not cut the stop off; a second SIGINT does", async () => {
    const { interruption, seen } = scene({ isInteractive: false, stop: () => new Promise(() => undefined) });
    void interruption.take("SIGINT");
    await interruption.take("SIGTERM");
    expect(without(seen)).toEqual(["stop"]);
    await interruption.take("SIGINT");
    expect(without(seen)).toEqual(["stop", "exit 130"]);
  });

  test("a stop that Azure does not take is said, with what to type", async () => {
    const { interruption, seen } = scene({ isInteractive: false, stop: () => Promise.reject(new Error("no")) });
    await interruption.take("SIGINT");
    expect(seen.join()).toContain("could not be stopped");
    expect(without(seen)).toEqual(["stop", "exit 130"]);
  });
});

describe("while the start is under way", () => {
  const said = (seen: readonly string[]): string => seen.filter((line) => line.startsWith("say")).join("\n");

  test("a stop that finds no run says that there is none", async () => {
    const { interruption, seen } = scene({ isInteractive: false, is: "starting", stop: async () => false });
    await interruption.take("SIGTERM");
    expect(seen.slice(-2)).toEqual(["say the run was not started", "exit 143"]);
    expect(interruption.hasStopped).toBe(false);
  });

  test("a stop that fails does not say that nothing was started", async () => {
    const stop = () => Promise.reject(new AzureError("AZURE_UNREACHABLE", { why: "ECONNRESET" }));
    const { interruption, seen } = scene({ isInteractive: false, is: "starting", stop });
    await interruption.take("SIGTERM");
    expect(said(seen)).toMatch(/could not be stopped, and it may have been started: .*ECONNRESET/);
    expect(said(seen)).toContain("swarmbridge azure stop r1");
  });

  test("who leaves at once hears that it may have been started", async () => {
    const { interruption, seen } = scene({ is: "starting" });
    await interruption.take("SIGHUP");
    expect(said(seen)).toContain("it may have been started");
    expect(said(seen)).not.toContain("goes on at Azure");
  });

  test("an s that comes after the run's start stops it", async () => {
    const { interruption, seen, answer } = scene({ is: "starting" });
    const taken = interruption.take("SIGINT");
    const stop = async (): Promise<boolean> => {
      seen.push("stop running");
      return true;
    };
    interruption.phase = { is: "running", testRunId: "r1", stop };
    answer("s");
    await taken;
    expect(without(seen)).toEqual(["ask", "stop running"]);
  });
});

test("who leaves while the run is being stopped is not told that it goes on", async () => {
  const { interruption, seen, answer } = scene();
  const taken = interruption.take("SIGINT");
  answer("s");
  await taken;
  await interruption.take("SIGINT");
  expect(seen.join()).toContain("the run is being stopped at Azure");
  expect(seen.join()).not.toContain("goes on");
});

test("who leaves before Azure has taken the stop is told so", async () => {
  const { interruption, seen } = scene({ isInteractive: false, stop: () => new Promise(() => undefined) });
  void interruption.take("SIGINT");
  await interruption.take("SIGINT");
  expect(seen.join()).toContain("nobody knows whether Azure has taken the stop");
  expect(seen.join()).toContain("swarmbridge azure stop r1");
});
