import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Watch } from "../../bridge/watch.ts";

const watches: Watch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

const watching = (): Watch => {
  const watch = new Watch(
    () => ({ sessionsOpen: 3, sessionsByServer: { a: 3 }, operationsInFlight: 1 }),
    () => undefined,
  );
  watches.push(watch);
  return watch;
};

/** Keeps the event loop busy, as a generator does that has too much to do. */
const block = (ms: number): void => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
};

test("an event loop that was blocked is told as late, once", async () => {
  const watch = watching();
  await sleep(50);
  watch.read();
  await sleep(20);
  block(200);
  await sleep(20);
  // The monitor ticks every 10 ms, so up to one tick of the blocked time is not late.
  expect(watch.read().eventLoopDelayMaxMs).toBeGreaterThan(150);
  expect(watch.read().eventLoopDelayMaxMs).toBeLessThan(150);
});

test("a bridge that computes shows it in cores, and what Python told is passed on", async () => {
  const watch = watching();
  watch.hearLocust({ op: "users", n: 17, locustCpu: 0.4 });
  block(400);
  const gauges = watch.read();
  expect(gauges.bridgeCpu).toBeGreaterThan(0.1);
  expect(gauges).toMatchObject({ sessionsOpen: 3, users: 17, locustCpu: 0.4 });
  expect(gauges.bridgeRssBytes).toBeGreaterThan(10_000_000);
});
