import { describe, expect, test } from "vitest";
import { Interruption } from "../../../cli/azure/interruption.ts";

interface Scene {
  readonly interruption: Interruption;
  /** `say …`, `ask`, `stop`, `exit N`, in order. */
  readonly seen: string[];
  readonly answer: (text: string) => void;
}

const scene = ({ isInteractive = true, stop = async (): Promise<void> => undefined } = {}): Scene => {
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
  const stopping = async (): Promise<void> => {
    seen.push("stop");
    await stop();
  };
  interruption.phase = { is: "running", testRunId: "r1", stop: stopping };
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
