import { expect, test } from "vitest";
import { Operation } from "../../../bridge/operation.ts";
import { CallTracer, MOST_WAITING, withTraceContext } from "../../../bridge/telemetry/call-tracer.ts";
import { newTraceContext, traceparent } from "../../../bridge/telemetry/trace-context.ts";
import type { TelemetrySettings } from "../../../config/telemetry-settings.ts";
import type { Sample } from "../../../record/sample.ts";
import { sample } from "../../record/samples.ts";
import { telemetry } from "./traced-run.ts";

const tracing = (over: Partial<TelemetrySettings> = {}) => {
  const tracer = new CallTracer(telemetry({ slowMs: 100, ...over }), (text) => text.replaceAll("secret", "[redacted]"));
  const end = (fields: Partial<Sample>, operation = new Operation(1, 0)): void =>
    tracer.ended({ operation, sample: sample(fields), server: "learn", failure: null });
  return { tracer, end };
};

test.each([
  ["slow-and-failed", ["slow", "failed"]],
  ["failed", ["failed"]],
  ["off", []],
] as const)("traces: %s takes %j", (traces, wanted) => {
  const { tracer, end } = tracing({ traces });
  end({ name: "quick", serviceMs: 99 });
  end({ name: "slow", serviceMs: 100 });
  end({ name: "failed", outcome: "timeout", serviceMs: undefined });
  end({ name: "cancelled", outcome: "cancelled" });
  expect(tracer.take().map(({ name }) => name)).toEqual(wanted);
  expect(tracer.take()).toEqual([]);
});

test("of a second's failures the first twenty are taken, the others counted", () => {
  const { tracer, end } = tracing();
  for (let n = 0; n < 50; n++) end({ outcome: "timeout", endMs: 1_000 + n });
  end({ outcome: "timeout", endMs: 2_000 });
  expect([tracer.take().length, tracer.dropped]).toEqual([21, 30]);
});

test("calls that end out of order over a second's edge do not begin the count anew", () => {
  const { tracer, end } = tracing();
  for (let n = 0; n < 100; n++) end({ outcome: "timeout", endMs: n % 2 === 0 ? 2_001 : 1_999 });
  expect([tracer.take().length, tracer.dropped]).toEqual([20, 80]);
});

test("of what nobody fetches the newest are kept", () => {
  const { tracer, end } = tracing();
  for (let n = 0; n < MOST_WAITING + 5; n++) end({ name: `n${n}`, outcome: "timeout", endMs: n * 1_000 });
  const names = tracer.take().map(({ name }) => name);
  expect([names.length, names.at(0), tracer.dropped]).toEqual([MOST_WAITING, "n5", 5]);
});

test("phases lie between the stamps that were reached, and the details have no secret", () => {
  const { tracer } = tracing();
  const operation = new Operation(1, 900);
  Object.assign(operation, { dispatchedMs: 1_000, sentMs: 1_010, headersMs: 1_050 });
  const failure = { reason: "timeout", detail: "a secret", code: 504 } as const;
  tracer.ended({ operation, sample: sample({ outcome: "timeout", endMs: 2_000 }), server: "learn", failure });
  const [span] = tracer.take();
  expect(span).toMatchObject({ detail: "a [redacted]", code: 504, outcome: "timeout" });
  const at = (ms: number): number => Math.round(ms - performance.timeOrigin);
  expect([at(span?.startMs ?? 0), at(span?.endMs ?? 0)]).toEqual([1_000, 2_000]);
  expect(span?.phases.map(({ name, startMs, endMs }) => [name, at(startMs), at(endMs)])).toEqual([
    ["connect", 1_000, 1_010],
    ["headers", 1_010, 1_050],
  ]);
});

test("ids are sent only when they are wanted, and are marked as sampled only when spans are exported", () => {
  expect(tracing().tracer.context()).toBeNull();
  expect(tracing({ traceContext: true }).tracer.context()).toMatchObject({ isSampled: true });
  expect(tracing({ traceContext: true, traces: "off" }).tracer.context()).toMatchObject({ isSampled: false });
});

test("a context is of the form that W3C prescribes, and no two are alike", () => {
  const contexts = Array.from({ length: 2_000 }, () => newTraceContext(false));
  for (const context of contexts) expect(traceparent(context)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(2_000);
});

test("the context goes beside what else is in _meta, and one that the test sends itself stays alone", () => {
  const operation = new Operation(1, 0);
  operation.trace = newTraceContext(true);
  const sent = traceparent(operation.trace);
  expect(withTraceContext(operation, { name: "x", _meta: { progressToken: 1 } })).toEqual({
    name: "x",
    _meta: { progressToken: 1, traceparent: sent },
  });
  const own = { name: "x", _meta: { traceparent: "00-own" } };
  expect(withTraceContext(operation, own)).toBe(own);
  expect(operation.trace).toBeNull();
});
