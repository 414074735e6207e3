import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { roomLeft } from "../../bridge/room-left.ts";

const MEMINFO = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    600 kB\n";

const sources = (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "room-left-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { proc: join(folder, "proc"), cgroup: join(folder, "cgroup") };
};

test("memory that could be given back is not used up", () => {
  expect(roomLeft(sources({ "proc/meminfo": MEMINFO })).memoryShare).toBeCloseTo(0.4, 6);
});

test("a container's limit counts where it is nearer than the machine's, its cached files apart", () => {
  const cgroup = {
    "cgroup/memory.max": "1000\n",
    "cgroup/memory.current": "950\n",
    "cgroup/memory.stat": "anon 500\ninactive_file 150\nactive_file 20\n",
  };
  expect(roomLeft(sources({ "proc/meminfo": MEMINFO, ...cgroup })).memoryShare).toBeCloseTo(0.8, 6);
  const unlimited = { ...cgroup, "cgroup/memory.max": "max\n" };
  expect(roomLeft(sources({ "proc/meminfo": MEMINFO, ...unlimited })).memoryShare).toBeCloseTo(0.4, 6);
});

test("where the system tells nothing, the heap alone is known", () => {
  const { heapShare, ...others } = roomLeft(sources({}));
  expect(others).toEqual({ openFilesShare: undefined, memoryShare: undefined });
  expect(heapShare).toBeGreaterThan(0);
  expect(heapShare).toBeLessThan(1);
});

test.runIf(process.platform === "linux")("on Linux, open files are counted against their limit", () => {
  // Kernels before 6.2 do not tell their number; then there is none.
  const { openFilesShare = 0.5 } = roomLeft();
  expect(openFilesShare).toBeGreaterThan(0);
  expect(openFilesShare).toBeLessThan(1);
});
