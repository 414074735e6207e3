import { expect, test } from "vitest";
import { perSession } from "../../bench/sessions.ts";

test("a session costs what the further ones added, program by program", () => {
  const one = { locust: 80_000_000, bridge: 100_000_000 };
  const many = { locust: 80_990_000, bridge: 101_980_000 };
  expect(perSession(one, many, 100)).toEqual({ locust: 10_000, bridge: 20_000 });
});
