import { expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { describeServers } from "../../config/describe.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { temporaryProject } from "./temporary-project.ts";

const load = (memory: string, env: Record<string, string> = {}) => {
  const text = `servers:\n  a:\n    url: http://localhost:1/mcp\n    memory: ${memory}\n`;
  const folder = temporaryProject({ "loadtest.yaml": text });
  return loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
};

const refusal = (memory: string): string => {
  try {
    load(memory);
  } catch (error) {
    return String((error as { detail?: unknown }).detail ?? JSON.stringify(error));
  }
  return "accepted";
};

const SOURCES: readonly (readonly [yaml: string, source: Record<string, unknown>])[] = [
  ["{ pid: 12 }", { kind: "pid", pid: 12 }],
  ["{ port: 3000 }", { kind: "port", port: 3000 }],
  ["{ container: my-server }", { kind: "container", container: "my-server" }],
  [
    "{ prometheus: http://localhost:1/metrics }",
    { kind: "prometheus", url: "http://localhost:1/metrics", metric: "process_resident_memory_bytes" },
  ],
  ["{ json: http://localhost:1/m, pointer: /rss }", { kind: "json", url: "http://localhost:1/m", pointer: "/rss" }],
];

test.each(SOURCES)("%s is a source, read once a second", (yaml, source) => {
  expect(load(yaml).servers.a?.memory).toEqual({ source, gcUrl: null, everyMs: 1000 });
});

test.each([
  ["{}", "needs exactly one of pid, port, container, prometheus, json, file"],
  ["{ pid: 1, port: 2 }", "needs exactly one of"],
  ["{ json: http://localhost:1/m }", "json needs a pointer"],
  ["{ json: http://localhost:1/m, pointer: rss }", "json needs a pointer"],
  ["{ pid: 1, metric: x }", "belongs to prometheus"],
  ["{ prometheus: http://localhost:1/m, metric: 'heap{area=x}' }", "must be the name of a metric, with labels"],
  ["{ prometheus: http://localhost:1/m, metric: 'heap{area=~\"x\"}' }", "must be the name of a metric, with labels"],
  ["{ prometheus: http://localhost:1/m, metric: '{' }", "must be the name of a metric, with labels"],
  ["{ pid: 1, every: 10ms }", "must be at least 100ms"],
  ["{ container: ../x }", "must be the name of a container"],
  ["{ json: http://localhost:1/m?token=abc, pointer: /rss }", "has a secret in its query"],
])("%s is refused: %s", (yaml, words) => {
  expect(refusal(yaml)).toContain(words);
});

test("the query of a page is told to nobody", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
  const settings = load("{ json: 'http://localhost:1/m?key=${KEY}', pointer: /rss }", { KEY: "s3cr3t-value" });
  expect(settings.carriedSecrets).toContain("s3cr3t-value");
  expect(JSON.stringify(describeServers(settings))).not.toContain("s3cr3t-value");
  expect(describeServers(settings).a?.memory).toEqual({ from: "json", everyMs: 1000, forcesGc: false });
});
