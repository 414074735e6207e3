import fc from "fast-check";
import { expect, test } from "vitest";
import { FetchGate } from "../../auth/fetch-gate.ts";
import { settled } from "./fake-world.ts";

test("starts a task in the very call when there is room", () => {
  const gate = new FetchGate(1);
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
        const gate = new FetchGate(most);
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
