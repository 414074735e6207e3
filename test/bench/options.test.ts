import { expect, test } from "vitest";
import { parseOptions } from "../../bench/options.ts";

test("without options everybody is measured three times at 1, 50 and 200 users", () => {
  const options = parseOptions([]);
  expect(options).toMatchObject({ runs: 3, users: [1, 50, 200], idleSessions: [100, 1000] });
  expect(options.contenders).toContain("by-hand");
});

test("a quick bench is one run at 50 users, and what is said besides wins over it", () => {
  expect(parseOptions(["--quick"])).toMatchObject({ runs: 1, windowMs: 1_000, users: [50], idleSessions: [100] });
  expect(parseOptions(["--quick", "--runs", "5", "--no-sessions"])).toMatchObject({ runs: 5, idleSessions: [] });
});

test("results of engines are measured with everything, alone when asked, and not beside chosen calls", () => {
  expect(parseOptions([]).resultRows).toEqual([125_000, 1_000_000]);
  expect(parseOptions(["--results", "--runs", "1"])).toMatchObject({
    contenders: [],
    idleSessions: [],
    resultRows: [125_000, 1_000_000],
  });
  for (const args of [["--quick"], ["--users", "50"], ["--only", "locust"]]) {
    expect(parseOptions(args).resultRows).toEqual([]);
  }
});

test("users and contenders may be several", () => {
  const options = parseOptions(["--users", "1", "--users", "20", "--only", "locust", "--only", "by-hand"]);
  expect(options).toMatchObject({ users: [1, 20], contenders: ["locust", "by-hand"] });
});

test.each([
  [["--runs", "0"], "--runs"],
  [["--users", "fifty"], '"fifty"'],
  [["--seconds", "0.1"], "0.2 to 60"],
  [["--only", "wrk"], "undici, client"],
  [["--fast"], "--fast"],
])("%j is refused with a sentence that names it", (args, said) => {
  expect(() => parseOptions(args)).toThrow(
    expect.objectContaining({ code: "OPTION_WRONG", detail: expect.stringContaining(said) }),
  );
});
