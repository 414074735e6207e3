import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { RunDelay } from "../../bridge/run-delay.ts";

const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "run-delay-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "schedstat");
};

test("the time without a core is told as a share of what went by, once", async () => {
  const path = file();
  writeFileSync(path, "5000000 1000000 7\n");
  const delay = new RunDelay(path);
  const fromMs = performance.now();
  await sleep(40);
  writeFileSync(path, "6000000 11000000 9\n");
  const share = delay.read() ?? Number.NaN;
  // 10 ms of at least 40, and of no more than went by until now.
  expect(share).toBeLessThanOrEqual(10 / 39);
  expect(share).toBeGreaterThan(0.9 * (10 / (performance.now() - fromMs)));
  expect(delay.read()).toBe(0);
});

test.each([
  ["a system that has no such file", null],
  ["a file that says something else", "nothing to see"],
])("%s says nothing", (_what, text) => {
  const path = file();
  if (text !== null) writeFileSync(path, text);
  expect(new RunDelay(path).read()).toBeUndefined();
});
