import { expect, test } from "vitest";
import { OptionError, readOptions } from "../../demo/options.ts";

test("without options the fleet takes the ports of demo/loadtest.yaml at the table's pace", () => {
  expect(readOptions([])).toEqual({
    port: 4100,
    speed: 1,
    seed: 1,
    isJson: false,
    untilStdinCloses: false,
    wants: "fleet",
  });
});

test("a fraction is a fine speed", () => {
  expect(readOptions(["--speed", "0.5"]).speed).toBe(0.5);
});

test.each([
  [["--port", "http"], /--port takes a whole number from 0 to 65531, not "http"/],
  [["--port", "65532"], /--port takes/],
  [["--port", "41.5"], /--port takes/],
  [["--speed", ""], /--speed takes a number/],
  [["--speed", "-1"], /--speed/],
  [["--seed", "4294967296"], /--seed takes/],
  [["--frob"], /--frob/],
])("%j is refused with a sentence that names the option", (args, sentence) => {
  expect(() => readOptions(args)).toThrow(OptionError);
  expect(() => readOptions(args)).toThrow(sentence);
});
