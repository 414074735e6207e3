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
  ["telemetry: { endpoint: 'https://c.example/x?api_key=abcdefgh' }", {}, /secret in its query/],
  ["telemetry: { endpoint: 'https://c.example/x?tenant=demo' }", {}, /must not have a query/],
  ["telemetry: {}", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:1/?a=b" }, /ENDPOINT must not have a query/],
  ["telemetry: {}", { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /PROTOCOL is grpc/],
  ["telemetry: {}", { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: "content-length=3" }, /content-length is a header that/],
])("%s is a fault that says what to do", (yaml, env, message) => {
  expect(faultsOf(yaml, env)).toMatch(message);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4317" }, "must be an http or https URL"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://agent.example:4318", OTEL_EXPORTER_OTLP_HEADERS: "x=1" }, "over plain http"],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "OTEL_EXPORTER_OTLP_PROTOCOL is grpc"],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: "x-key=secret-value%0d%0ay: z" }, "x-key must be text"],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: "Bearer secret-value" }, "a name must be a header's name"],
])("variables that somebody set for other programs stop no run: %j is a note", (env, why) => {
  const { telemetry, telemetryNote } = load("", env);
  expect(telemetry).toBeUndefined();
  expect(telemetryNote).toContain(why);
  expect(telemetryNote).not.toContain("secret-value");
});

test("a server that is given a traceparent of the test's own cannot have ours beside it", () => {
  const own = "servers: { a: { url: 'http://127.0.0.1:1/mcp', auth: none, headers: { TraceParent: 00-own } } }\n";
  const aimed = (traceContext: boolean) => {
    const yaml = `${own}telemetry: { endpoint: 'http://127.0.0.1:2', traceContext: ${traceContext} }`;
    const cwd = temporaryProject({ "loadtest.yaml": yaml });
    return () => loadSettings({ cwd, project: cwd, env: {} }, RUN_PARTS);
  };
  expect(aimed(true)).toThrow(ConfigError);
  expect(aimed(false)).not.toThrow();
});
