import { setImmediate } from "node:timers/promises";
import type { buildConnector } from "undici";
import { expect, test } from "vitest";
import { paced } from "../../../bridge/transport/paced-connector.ts";

const OPTIONS = { hostname: "127.0.0.1", protocol: "https:", port: "1" };

/** @returns what counts how many connections have begun so far */
const counted = () => {
  let begun = 0;
  const connect = paced((() => {
    begun += 1;
  }) as unknown as buildConnector.connector);
  return { begun: () => begun, connect: () => void connect(OPTIONS, () => undefined) };
};

test("a few connections begin at once", () => {
  const { begun, connect } = counted();
  for (let n = 0; n < 16; n++) connect();
  expect(begun()).toBe(16);
});

test("of many, each turn of the event loop begins some, in their order, and all begin", async () => {
  const { begun, connect } = counted();
  for (let n = 0; n < 100; n++) connect();
  const seen = [begun()];
  while (begun() < 100 && seen.length < 100) {
    await setImmediate();
    seen.push(begun());
  }
  expect(seen.at(-1)).toBe(100);
  for (const [turn, count] of seen.entries()) expect(count - (seen[turn - 1] ?? 0)).toBeLessThanOrEqual(16);
});

test("one that comes after all have begun does not wait", async () => {
  const { begun, connect } = counted();
  for (let n = 0; n < 40; n++) connect();
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  expect(begun()).toBe(40);
  connect();
  expect(begun()).toBe(41);
});
