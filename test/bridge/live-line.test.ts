import { expect, test } from "vitest";
import { liveLine } from "../../bridge/live-line.ts";
import type { LiveFigures } from "../../record/live-figures.ts";

const times = { service: [], firstEvent: [] };
const figures: LiveFigures = {
  names: {
    "learn:tools/call:a": { counts: { ok: 5, timeout: 2 }, ...times },
    "learn:tools/call:b": { counts: { timeout: 1, "tool-error": 4 }, ...times },
  },
  harnessDelay: { before: [], after: [] },
  hidden: 1,
  sessionsPeak: { learn: 3, github: 2 },
  generator: { level: "ok", reasons: [] },
};

test("the live line adds failures up by reason, and says whose each is", () => {
  const { reasons } = liveLine(figures, { sessionsOpen: 0, operationsInFlight: 0 });
  expect(reasons).toEqual({ timeout: { count: 3, whose: "wire" }, "tool-error": { count: 4, whose: "tool" } });
});

test("a server's peak is never below what is open now", () => {
  const now = { sessionsOpen: 6, sessionsByServer: { learn: 4, own: 2 }, operationsInFlight: 7, users: 9 };
  const { sessions, users, inFlight } = liveLine(figures, now);
  expect(sessions).toEqual({
    learn: { open: 4, peak: 4 },
    github: { open: 0, peak: 2 },
    own: { open: 2, peak: 2 },
  });
  expect([users, inFlight]).toEqual([9, 7]);
});
