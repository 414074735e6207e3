import { expect, test } from "vitest";
import { createAuthStrategy } from "../../auth/strategy.ts";
import { FakeWorld } from "./fake-world.ts";

test("none sends nothing, and a 401 changes nothing", () => {
  const world = new FakeWorld();
  const strategy = createAuthStrategy({ strategy: "none" }, () => "hunter2", world);
  expect(strategy.authorization()).toBeNull();
  expect(strategy.rejected(null, "Bearer")).toBe(false);
  expect(world.reads).toBe(0);
});
