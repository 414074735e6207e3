import fc from "fast-check";
import { expect, test } from "vitest";
import { FetchGate } from "../../auth/fetch-gate.ts";
import { FakeWorld, settled } from "./fake-world.ts";

test("starts a task in the very call when there is room", () => {
  const gate = new FetchGate(1, new FakeWorld().after);
  let isStarted = false;
  void gate.through(async () => {
    isStarted = true;
  });
  expect(isStarted).toBe(true);
});

test("never runs more than it may, leaves nobody waiting, and keeps the order, also when tasks fail", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      async (most, fails, choices) => {
        const gate = new FetchGate(most, new FakeWorld().after);
        const started: number[] = [];
        const open: { readonly isFailing: boolean; readonly end: (error: Error | null) => void }[] = [];
        const results = fails.map((isFailing, index) =>
          gate
            .through(() => {
              started.push(index);
              return new Promise<void>((resolve, reject) =>
                open.push({ isFailing, end: (error) => (error === null ? resolve() : reject(error)) }),
              );
            })
            .catch(() => "failed"),
        );
        for (let ended = 0; ended < fails.length; ended++) {
          await settled();
          expect(open.length).toBeGreaterThan(0);
          expect(open.length).toBeLessThanOrEqual(most);
          const [one] = open.splice((choices.next().value ?? 0) % open.length, 1);
          one?.end(one.isFailing ? new Error("no") : null);
        }
        expect(await Promise.all(results)).toEqual(fails.map((isFailing) => (isFailing ? "failed" : undefined)));
        expect(started).toEqual(fails.map((_, index) => index));
      },
    ),
  );
});

test("a long line that moves is no reason to fail: 10,000 at half a second each, 32 at a time", async () => {
  const world = new FakeWorld();
  const gate = new FetchGate(32, world.after);
  let ended = 0;
  const tasks = Array.from({ length: 10_000 }, () =>
    gate.through(() => new Promise<void>((done) => world.after(500, done))).then(() => (ended += 1)),
  );
  for (let halfSecond = 0; halfSecond < 313; halfSecond++) await world.advance(500);
  await Promise.all(tasks);
  expect(ended).toBe(10_000);
  expect(world.pendingTimers()).toBe(0);
});

test("a line in which everything fails does not last longer than one in which nothing happens", async () => {
  const world = new FakeWorld();
  const gate = new FetchGate(1, world.after);
  const endsAtMs: number[] = [];
  const failing = () => new Promise<void>((_done, reject) => world.after(10_000, () => reject(new Error("down"))));
  for (let user = 0; user < 100; user++) {
    gate.through(failing).catch(() => endsAtMs.push(world.monotonicMs()));
  }
  await world.advance(70_000);
  expect(endsAtMs).toHaveLength(100);
});

test("a minute in line is enough when nothing moves: whoever waits longer fails, and takes no place", async () => {
  const world = new FakeWorld();
  const gate = new FetchGate(1, world.after);
  let end = (): void => undefined;
  const first = gate.through(() => new Promise<void>((done) => (end = done)));
  const started: number[] = [];
  const others = [1, 2, 3].map((number) => gate.through(async () => void started.push(number)));
  const failed = Promise.all(others.map((other) => expect(other).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" })));
  await world.advance(60_000);
  await failed;
  const late = gate.through(async () => void started.push(4));
  end();
  await Promise.all([first, late]);
  expect(started).toEqual([4]);
  await gate.through(async () => void started.push(5));
  expect(started).toEqual([4, 5]);
  expect(world.pendingTimers()).toBe(0);
});
