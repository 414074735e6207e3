import { expect, test } from "vitest";
import { HELP, parseOptions } from "../../../bench/truth/options.ts";

test("lists are told with commas", () => {
  expect(parseOptions(["--users", "1, 50", "--kinds", "json,sse", "--contenders", "swarmbridge,sdk"])).toMatchObject({
    users: [1, 50],
    kinds: ["json", "sse"],
    contenders: ["swarmbridge", "sdk"],
  });
});

test("without options everything usual is measured once, for six seconds", () => {
  expect(parseOptions([])).toMatchObject({ users: null, kinds: null, contenders: null, runs: 1, windowMs: 6000 });
});

test.each([
  [["--users", "0"], "--users"],
  [["--users", "1001"], "--users"],
  [["--kinds", "slow"], "--kinds"],
  [["--contenders", "k6"], "--contenders"],
  [["--runs", "1.5"], "--runs"],
  [["--seconds", "0.5"], "--seconds"],
  [["--fast"], "--fast"],
])("%j is refused, and the option is named", (args, option) => {
  expect(() => parseOptions(args)).toThrow(
    expect.objectContaining({ code: "OPTION_WRONG", detail: expect.stringContaining(option) }),
  );
});

test("the help fits a terminal of 80 columns", () => {
  expect(Math.max(...HELP.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});
