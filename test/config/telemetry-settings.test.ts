import { expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { ConfigError } from "../../config/config-error.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { temporaryProject } from "./temporary-project.ts";

const SERVERS = "servers: { a: { url: 'http://127.0.0.1:1/mcp', auth: none } }\n";

const load = (telemetry: string, env: NodeJS.ProcessEnv = {}): Settings => {
  const cwd = temporaryProject({ "loadtest.yaml": SERVERS + telemetry });
  return loadSettings({ cwd, project: cwd, env }, RUN_PARTS);
};

const faultsOf = (telemetry: string, env: NodeJS.ProcessEnv = {}): string => {
  try {
    load(telemetry, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join("\n");
    throw error;
  }
  return "";
};

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };

test("without key and variable nothing is sent, and OpenTelemetry's own switch turns it off", () => {
  expect(load("").telemetry).toBeUndefined();
  expect(load("", { ...ENDPOINT, OTEL_SDK_DISABLED: "true" }).telemetry).toBeUndefined();
});

test("OpenTelemetry's variables are enough, their headers percent-encoded", () => {
  const { telemetry, carriedSecrets } = load("", {
    ...ENDPOINT,
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20abcdefgh12, x-tenant=demo,=,broken",
  });
  expect(telemetry).toEqual({
    endpoint: "http://127.0.0.1:4318",
    headers: { authorization: "Bearer abcdefgh12", "x-tenant": "demo", broken: "" },
    traces: "slow-and-failed",
    slowMs: 1000,
    traceContext: false,
  });
  expect(carriedSecrets).toEqual(expect.arrayContaining(["Bearer abcdefgh12", "abcdefgh12"]));
  // An ordinary word would be taken out of everything.
  expect(carriedSecrets).not.toContain("demo");
});

test("the file wins over the variables, and its secrets come from variables", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
  const header = 'headers: { Authorization: "Bearer ${TOKEN}" }';
  const { telemetry, carriedSecrets } = load(`telemetry: { endpoint: 'http://localhost:9/', ${header}, slowMs: 5 }`, {
    ...ENDPOINT,
    TOKEN: "of-the-collector",
  });
  expect(telemetry).toMatchObject({
    endpoint: "http://localhost:9",
    headers: { authorization: "Bearer of-the-collector" },
    slowMs: 5,
  });
  expect(carriedSecrets).toContain("of-the-collector");
});

test.each([
  ["telemetry: { traceContext: true }", {}, /telemetry.* has no endpoint/],
  ["telemetry: { endpoint: 'http://user:pw@localhost:1' }", {}, /must not hold a user name or password/],
  ["telemetry: { endpoint: 'http://localhost:1', headers: { authorization: Bearer abcdefgh } }", {}, /plain sight/],
  ["telemetry: { endpoint: 'http://localhost:1', traces: all }", {}, /must be one of slow-and-failed, failed, off/],
  ["telemetry: { endpoint: 'http://c.example', headers: { x-tenant: demo } }", {}, /headers over plain http/],
  ["", { OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4317" }, /OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL/],
])("%s is a fault that says what to do", (yaml, env, message) => {
  expect(faultsOf(yaml, env)).toMatch(message);
});
