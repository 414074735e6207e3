import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
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

test("what Locust told counts for one reading, and its users until it tells others", () => {
  const watch = watching();
  watch.hearLocust({ op: "users", n: 17, locustCpu: 0.4, locustLateMs: 30, locustWaited: 0.1, at: performance.now() });
  expect(watch.read()).toMatchObject({ users: 17, locustCpu: 0.4, locustLateMs: 30, locustWaited: 0.1 });
  const { users, locustCpu, locustLateMs, locustWaited, linkLagMs } = watch.read();
  expect([users, locustCpu, locustLateMs, locustWaited, linkLagMs]).toEqual([
    17,
    null,
    undefined,
    undefined,
    undefined,
  ]);
});

test("of two lines in one reading the worse counts: the first was held up", () => {
  const watch = watching();
  const late = performance.now() - 300;
  watch.hearLocust({ op: "users", n: 4, locustCpu: 0.9, locustLateMs: 80, at: late });
  watch.hearLocust({ op: "users", n: 5, locustCpu: 0.2, locustLateMs: 1, at: performance.now() });
  const gauges = watch.read();
  expect(gauges).toMatchObject({ users: 5, locustCpu: 0.9, locustLateMs: 80 });
  expect(gauges.linkLagMs).toBeGreaterThanOrEqual(300);
});

test("a Locust that falls silent is late by its silence, and one that never spoke is not", () => {
  const clock = vi.spyOn(performance, "now");
  onTestFinished(() => clock.mockRestore());
  const at = (ms: number) => clock.mockReturnValue(ms);
  at(10_000);
  const watch = watching();
  at(15_000);
  expect(watch.read().locustLateMs).toBeUndefined();
  watch.hearLocust({ op: "users", n: 4, locustCpu: 0.3 });
  at(16_200);
  expect(watch.read().locustLateMs).toBeUndefined();
  at(18_500);
  expect(watch.read()).toMatchObject({ users: 4, locustCpu: null, locustLateMs: 2_500 });
  watch.hearLocust({ op: "users", n: 4, locustCpu: 0.3, locustLateMs: 2 });
  expect(watch.read().locustLateMs).toBe(2);
});
