import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Refusal } from "../../../bridge/telemetry/collector-request.ts";
import { SignalSender } from "../../../bridge/telemetry/signal-sender.ts";

const BUSY: Refusal = { why: "HTTP 503", isPassing: true, retryAfterMs: 0 };

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

/** A collector with an answer for each request in turn, the last one for all others; something always waits for it. */
const sending = (...answers: (Refusal | null)[]) => {
  const atSeconds: number[] = [];
  let left = answers.length;
  const next = () => (left > 0 ? { body: new Uint8Array(), ended: (no: Refusal | null) => void (no ?? left--) } : null);
  const sender = new SignalSender(next, () => {
    atSeconds.push(Date.now() / 1000);
    return Promise.resolve(answers[Math.min(atSeconds.length, answers.length) - 1] ?? null);
  });
  return { sender, atSeconds };
};

test("pauses grow up to a minute while a collector refuses, also when more comes meanwhile", async () => {
  const { sender, atSeconds } = sending(BUSY);
  for (let second = 0; second < 250; second++) {
    sender.wake();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(atSeconds).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
});

test("once it takes something the pauses begin small again", async () => {
  const { sender, atSeconds } = sending(BUSY, BUSY, null, BUSY, null);
  sender.wake();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(atSeconds.slice(0, 5)).toEqual([0, 1, 3, 3, 4]);
});

test("a collector that asks to be left alone is, until then and at the end of the run", async () => {
  const { sender, atSeconds } = sending({ ...BUSY, retryAfterMs: 30_000 });
  sender.wake();
  await vi.advanceTimersByTimeAsync(29_000);
  expect(await sender.finish()).toMatchObject({ why: "HTTP 503" });
  expect(atSeconds).toEqual([0]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(atSeconds).toEqual([0, 30]);
});

test("the end of a run does not wait for a pause of our own: it tries once more, and that is all", async () => {
  const { sender, atSeconds } = sending(BUSY);
  sender.wake();
  await vi.advanceTimersByTimeAsync(200);
  expect(await sender.finish()).toEqual(BUSY);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(atSeconds).toEqual([0, 0.2]);
});

test("what is taken at last leaves no refusal", async () => {
  const { sender } = sending(BUSY, null);
  sender.wake();
  await vi.advanceTimersByTimeAsync(200);
  expect(await sender.finish()).toBeNull();
});
