import { expect, test } from "vitest";
import { IssuerClock } from "../../../auth/oauth/issuer-clock.ts";

const NOON = Date.parse("Wed, 21 Oct 2026 12:00:00 GMT");
const dated = (date: string) => ({ status: 401, headers: date === "" ? {} : { date }, body: "" });

test("our own clock is believed until a date shows another time, and then that", () => {
  const clock = new IssuerClock(() => NOON);
  expect(clock.now()).toBe(NOON);
  expect(clock.correctFrom(dated("Wed, 21 Oct 2026 12:10:00 GMT"))).toBe(true);
  expect(clock.now()).toBe(NOON + 600_000);
  // Known by now: a second refusal has another cause.
  expect(clock.correctFrom(dated("Wed, 21 Oct 2026 12:10:03 GMT"))).toBe(false);
});

test("our own clock may be put right while the run goes on", () => {
  let now = NOON;
  const clock = new IssuerClock(() => now);
  clock.correctFrom(dated("Wed, 21 Oct 2026 12:10:00 GMT"));
  now += 600_000;
  expect(clock.correctFrom(dated("Wed, 21 Oct 2026 12:10:00 GMT"))).toBe(true);
  expect(clock.now()).toBe(now);
});

test.each(["", "yesterday", "Wed, 21 Oct 2026 12:00:09 GMT", "Wed, 21 Oct 2026 11:59:51 GMT"])(
  "a date %j is no reason to try again",
  (date) => {
    const clock = new IssuerClock(() => NOON);
    expect(clock.correctFrom(dated(date))).toBe(false);
    expect(clock.now()).toBe(NOON);
  },
);
