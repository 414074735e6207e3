import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CpuWatch } from "../../bridge/cpu-pressure.ts";

/** A system of these files, and a clock. */
const system = (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "cpu-pressure-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (texts: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write(files);
  let nowMs = 0;
  const watch = new CpuWatch({ proc: join(folder, "proc"), cgroup: join(folder, "cgroup") }, () => nowMs);
  const after = (ms: number, texts: Readonly<Record<string, string>> = {}) => {
    nowMs += ms;
    write(texts);
    return watch.read();
  };
  return { after };
};

/** Four cores, of which each has been busy and idle for so many ticks. */
const stat = (...cores: readonly (readonly [busy: number, idle: number])[]): string =>
  ["cpu  9 9 9 9 9 9 9 9 0 0", ...cores.map(([busy, idle], at) => `cpu${at} ${busy} 0 0 ${idle} 0 0 0 0 0 0`)].join(
    "\n",
  );

const periods = (all: number, throttled: number): string =>
  `usage_usec 5\nnr_periods ${all}\nnr_throttled ${throttled}\nthrottled_usec 7\nnr_bursts 0\n`;

test("the machine is as busy as the cores that this process may use", () => {
  const { after } = system({
    "proc/self/status": "Name:\tnode\nCpus_allowed:\tb\nCpus_allowed_list:\t0-1,3\n",
    "proc/stat": stat([0, 0], [0, 0], [0, 0], [0, 0]),
  });
  expect(after(1000, { "proc/stat": stat([100, 0], [50, 50], [0, 100], [90, 10]) }).machineBusy).toBeCloseTo(0.8, 6);
  expect(after(1000, { "proc/stat": stat([100, 100], [50, 150], [99, 100], [90, 110]) }).machineBusy).toBe(0);
});

test("a quota that was used up is told as the share of its periods, since the last reading", () => {
  const { after } = system({ "cgroup/cpu.stat": periods(100, 40) });
  expect(after(1000, { "cgroup/cpu.stat": periods(110, 43) })).toEqual({ machineBusy: undefined, throttled: 0.3 });
  expect(after(1000, { "cgroup/cpu.stat": periods(120, 43) }).throttled).toBe(0);
  // A group that slept through the whole second has no period in it.
  expect(after(1000).throttled).toBe(0);
});

test("a reading right behind the last one says what that one said, and takes nothing from the next", () => {
  const { after } = system({ "cgroup/cpu.stat": periods(0, 0) });
  expect(after(1000, { "cgroup/cpu.stat": periods(10, 5) }).throttled).toBe(0.5);
  expect(after(5, { "cgroup/cpu.stat": periods(11, 6) }).throttled).toBe(0.5);
  expect(after(995, { "cgroup/cpu.stat": periods(20, 6) }).throttled).toBe(0.1);
});

test.each([
  ["another system", {}],
  ["a group without a quota", { "cgroup/cpu.stat": "usage_usec 5\nuser_usec 3\n" }],
])("%s says nothing", (_what, files) => {
  expect(system(files).after(1000)).toEqual({ machineBusy: undefined, throttled: undefined });
});
