import { expect, test } from "vitest";
import { AuthError } from "../../../auth/auth-error.ts";
import { AzureError } from "../../../azure/azure-error.ts";
import type { MetricQuery, RemoteRun } from "../../../azure/plane/data-plane.ts";
import { follow } from "../../../azure/run/follow.ts";
import { inTurn, remoteRun, scripted, unreachable } from "./scripted-plane.ts";

const RUN = { testRunId: "r1", runTimeSeconds: 60, onState: () => undefined };
const noMetrics = () => Promise.reject(new AzureError("AZURE_NOT_FOUND"));

test("every state is told once, also one that nobody knew", async () => {
  const states = ["ACCEPTED", "ACCEPTED", "PROVISIONING", "REBALANCING", "EXECUTING", "EXECUTED", "DONE"];
  const { context, events } = scripted({ run: inTurn(...states.map((state) => remoteRun(state))), metrics: noMetrics });
  const kept: string[] = [];
  const ended = await follow(context, { ...RUN, onState: ({ status }: RemoteRun) => kept.push(status) });
  expect(ended?.status).toBe("DONE");
  const told = events.flatMap((event) => (event.what === "state" ? event.state : []));
  expect(told).toEqual([...new Set(states)]);
  expect(kept).toEqual(told);
});

test.each(["DONE", "FAILED", "CANCELLED", "VALIDATION_FAILURE"])("%s is an end", async (state) => {
  const { context } = scripted({ run: inTurn(remoteRun("EXECUTING"), remoteRun(state)), metrics: noMetrics });
  expect((await follow(context, RUN))?.status).toBe(state);
});

test("a lost connection is said, waited out with growing pauses, and ends nothing", async () => {
  const { context, events } = scripted({
    run: inTurn<RemoteRun>(remoteRun("PROVISIONING"), unreachable(), unreachable(), unreachable(), remoteRun("DONE")),
  });
  expect((await follow(context, RUN))?.status).toBe("DONE");
  const pauses = events.flatMap((event) => (event.what === "retry" ? event.pauseMs : []));
  expect(pauses).toEqual([2_000, 4_000, 8_000]);
  expect(events).toContainEqual({ what: "reconnected" });
});

test("Retry-After is longer than our own pause: it counts", async () => {
  const busy = new AzureError("AZURE_THROTTLED", { retryAfterMs: 25_000 });
  const { context, clock } = scripted({ run: inTurn<RemoteRun>(busy, remoteRun("DONE")) });
  await follow(context, RUN);
  expect(clock.ms).toBe(25_000);
});

test("a connection that stays lost ends with the last error, after all the time that the run can take", async () => {
  const { context, clock } = scripted({ run: inTurn<RemoteRun>(unreachable()) });
  await expect(follow(context, RUN)).rejects.toMatchObject({ code: "AZURE_UNREACHABLE" });
  expect(clock.ms).toBe((30 + 1 + 15) * 60_000);
});

test("one bad answer of a proxy ends nothing", async () => {
  const page = new AzureError("AZURE_INVALID", { status: 200, why: "an answer that is no JSON" });
  const { context } = scripted({ run: inTurn<RemoteRun>(remoteRun("ACCEPTED"), page, remoteRun("DONE")) });
  expect((await follow(context, RUN))?.status).toBe("DONE");
});

test.each([new AzureError("AZURE_UNAUTHORIZED"), new AzureError("AZURE_FORBIDDEN"), new AuthError("AUTH_REFUSED")])(
  "$code passes when it does so within minutes, and ends it when it stays",
  async (refusal) => {
    const passing = scripted({ run: inTurn<RemoteRun>(refusal, refusal, refusal, remoteRun("DONE")) });
    expect((await follow(passing.context, RUN))?.status).toBe("DONE");
    const staying = scripted({ run: inTurn<RemoteRun>(refusal) });
    await expect(follow(staying.context, RUN)).rejects.toBe(refusal);
    expect(staying.clock.ms).toBeGreaterThanOrEqual(600_000);
    expect(staying.clock.ms).toBeLessThan(640_000);
  },
);

test("a wait of hours that Azure asks for is cut: the run may end meanwhile", async () => {
  const busy = new AzureError("AZURE_THROTTLED", { retryAfterMs: 86_400_000 });
  const { context, clock } = scripted({ run: inTurn<RemoteRun>(busy, remoteRun("DONE")) });
  expect((await follow(context, RUN))?.status).toBe("DONE");
  expect(clock.ms).toBe(180_000);
});

test("a run that ends with the time limit is seen", async () => {
  const busy = new AzureError("AZURE_THROTTLED", { retryAfterMs: 86_400_000 });
  const sixteen = Array.from({ length: 16 }, () => busy);
  const { context, clock } = scripted({ run: inTurn<RemoteRun>(...sixteen, remoteRun("DONE")) });
  expect((await follow(context, RUN))?.status).toBe("DONE");
  expect(clock.ms).toBe((30 + 1 + 15) * 60_000);
});

test("a run that does not end is left after provisioning, run time and margin", async () => {
  const { context, clock } = scripted({ run: inTurn(remoteRun("EXECUTING")), metrics: noMetrics });
  expect(await follow(context, RUN)).toBeNull();
  expect(clock.ms).toBe((30 + 1 + 15) * 60_000);
});

test("a run that is not there yet gets a minute to appear", async () => {
  const { context } = scripted({ run: inTurn<RemoteRun | null>(null, null, remoteRun("DONE")) });
  expect((await follow(context, RUN))?.status).toBe("DONE");
});

test("a run that was there and is gone was deleted", async () => {
  const { context } = scripted({ run: inTurn<RemoteRun | null>(remoteRun("ACCEPTED"), null) });
  await expect(follow(context, RUN)).rejects.toMatchObject({ code: "AZURE_NOT_FOUND" });
});

test("a run that never appears was never started", async () => {
  const { context, clock } = scripted({ run: inTurn<RemoteRun | null>(null) });
  await expect(follow(context, RUN)).rejects.toMatchObject({ code: "AZURE_NOT_FOUND" });
  expect(clock.ms).toBeGreaterThan(60_000);
});

test("metrics that are missing are no error, and those that are there are told", async () => {
  const metrics = async (_run: string, { name }: MetricQuery) => {
    if (name === "VirtualUsers") return [{ dimensions: {}, points: [{ at: "2026-11-21T12:00:05Z", value: 17 }] }];
    if (name === "ResponseTime") throw new AzureError("AZURE_NOT_FOUND", { status: 404 });
    return [];
  };
  const run = inTurn(remoteRun("EXECUTING"), remoteRun("EXECUTING"), remoteRun("EXECUTING"), remoteRun("DONE"));
  const { context, events } = scripted({ run, metrics });
  // Background answers come between two polls.
  const sleep = async (ms: number): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    await context.clock.sleep(ms);
  };
  await follow({ ...context, clock: { ...context.clock, sleep } }, RUN);
  const figures = events.flatMap((event) => (event.what === "progress" ? event.figures : []));
  expect(figures.at(-1)).toEqual({ users: 17, requestsPerSecond: null, errorPercent: null, p95Ms: null });
});

test("metrics that never answer hold up nothing", async () => {
  const { context } = scripted({
    run: inTurn(remoteRun("EXECUTING"), remoteRun("DONE")),
    metrics: () => new Promise(() => undefined),
  });
  expect((await follow(context, RUN))?.status).toBe("DONE");
});
