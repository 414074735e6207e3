import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { temporaryProject } from "../config/temporary-project.ts";

const FOLDER = new URL("../../examples/traffic/", import.meta.url).pathname;

test("the examples of traffic are what the schema takes", () => {
  const { servers } = loadSettings({ cwd: FOLDER, project: FOLDER, env: {} }, RUN_PARTS);
  expect(Object.keys(servers)).toEqual([
    "everything-harmless",
    "fast-and-slow",
    "chain",
    "bursts",
    "no-pause",
    "arrivals",
  ]);
  for (const { traffic } of Object.values(servers)) expect(traffic).toBeDefined();
});

/** Blocks of YAML in docs/traffic.md whose servers have `traffic`. */
const blocks = [
  ...readFileSync(new URL("../../docs/traffic.md", import.meta.url), "utf8").matchAll(/```yaml\n([\s\S]*?)```/g),
]
  .map(([, text = ""]) => text)
  .filter((text) => text.includes("traffic:"));

test.each(blocks)("%s is what the schema takes", (text) => {
  const folder = temporaryProject({ "loadtest.yaml": text, "queries.txt": "one\n" });
  expect(() => loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS)).not.toThrow();
});

test("docs/traffic.md shows traffic", () => {
  expect(blocks.length).toBeGreaterThan(0);
});
