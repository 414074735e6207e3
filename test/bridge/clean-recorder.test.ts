import { expect, test, vi } from "vitest";
import { CleanRecorder, cleanIdentity } from "../../bridge/clean-recorder.ts";
import { Redactor } from "../../bridge/redactor.ts";
import { NO_TOTALS, type Recorder } from "../../record/recorder.ts";
import type { Sample } from "../../record/sample.ts";

const SECRET = "canary-7f3a90c2d15e48b6";
const NAME = `learn:tools/call:${SECRET}`;
const CLEAN = "learn:tools/call:[redacted]";

const cleaned = () => {
  const inner = {
    dir: "/results/run",
    operation: vi.fn(),
    failure: vi.fn(),
    delivered: vi.fn(),
    hidden: vi.fn(),
    move: vi.fn(),
    fact: vi.fn(),
    gauges: vi.fn(),
    totals: async () => NO_TOTALS,
    durations: async () => null,
    live: async () => null,
    stop: vi.fn(async () => undefined),
  } satisfies Recorder;
  const redactor = new Redactor();
  redactor.learn(SECRET);
  return { inner, redactor, recorder: new CleanRecorder(inner, redactor) };
};

const sample = (name: string): Sample => ({ name, outcome: "ok", endMs: 1, responseMs: 1, bytesIn: 0, bytesOut: 0 });

test("a secret in a name or a detail does not reach the record", async () => {
  const { inner, recorder } = cleaned();
  recorder.operation(sample(NAME));
  recorder.move(sample(NAME), "assertion");
  recorder.failure({ name: NAME, outcome: "http-401", detail: `Bearer ${SECRET}` });
  recorder.hidden(NAME);
  await recorder.stop(`ended by ${SECRET}`, { [NAME]: { ok: 2 } });
  expect(inner.operation).toHaveBeenCalledWith(sample(CLEAN));
  expect(inner.move).toHaveBeenCalledWith(sample(CLEAN), "assertion");
  expect(inner.failure).toHaveBeenCalledWith({ name: CLEAN, outcome: "http-401", detail: "Bearer [redacted]" });
  expect(inner.hidden).toHaveBeenCalledWith(CLEAN);
  expect(inner.stop).toHaveBeenCalledWith("ended by [redacted]", { [CLEAN]: { ok: 2 } });
});

test("a secret that is a word of the record takes nothing out of it but text", async () => {
  const { inner, recorder, redactor } = cleaned();
  for (const word of ["outcome", "detail", "timeout", "servers", "startedAt"]) redactor.learn(word);
  recorder.failure({ name: "a:ping", outcome: "timeout", detail: "timeout of a" });
  await recorder.stop("over", { "a:ping": { timeout: 2 } });
  expect(inner.failure).toHaveBeenCalledWith({ name: "a:ping", outcome: "timeout", detail: "[redacted] of a" });
  expect(inner.stop).toHaveBeenCalledWith("over", { "a:ping": { timeout: 2 } });
  const identity = { id: "i", part: null, startedAt: "2026", startedMs: 0, plan: {}, versions: {}, servers: {} };
  expect(cleanIdentity(identity, redactor)).toEqual(identity);
});

test("a sample without a secret is passed on as it is, without a copy", () => {
  const { inner, recorder } = cleaned();
  const plain = sample("learn:tools/call:search");
  recorder.operation(plain);
  expect(inner.operation.mock.calls[0]?.[0]).toBe(plain);
});

test("the plan and the servers of a run are cleaned, its folder keeps its name", () => {
  const identity = {
    id: `run-${SECRET}`,
    part: null,
    startedAt: "",
    startedMs: 0,
    plan: { host: `http://h/?key=${SECRET}`, users: 3 },
    versions: {},
    servers: { a: { auth: { env: SECRET } } },
  };
  expect(cleanIdentity(identity, cleaned().redactor)).toEqual({
    ...identity,
    plan: { host: "http://h/?key=[redacted]", users: 3 },
    servers: { a: { auth: { env: "[redacted]" } } },
  });
});
