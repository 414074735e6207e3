import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Failure } from "../../../bridge/operation.ts";
import { EventStream } from "../../../bridge/transport/event-stream.ts";
import { GetStream, type GetStreamDeps } from "../../../bridge/transport/get-stream.ts";
import { HttpExchange } from "../../../bridge/transport/http-exchange.ts";
import type { Reason } from "../../../record/reason.ts";

const SECOND = 1000;

class NoExchange extends HttpExchange {
  protected started(): void {}
  protected head(): void {}
  protected data(): void {}
  protected end(): void {}
  protected failed(): void {}
  protected over(): void {}
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stream each of whose openings waits to be ended by the test. */
const listening = () => {
  const onRefused = vi.fn<() => void>();
  let hooks: Parameters<GetStreamDeps["open"]>[1] | undefined;
  let openings = 0;
  const stream = new GetStream({
    open: (_lastEventId, given) => {
      openings += 1;
      hooks = given;
      return new NoExchange();
    },
    deliver: () => undefined,
    onNotification: () => undefined,
    onRefused,
  });
  const events = new EventStream(1_000, { onEvent: () => {}, onData: () => {}, onTooLarge: () => {} });
  const end = (failure: Failure, isRefused: boolean): void => hooks?.onEnded(events, failure, isRefused);
  return {
    stream,
    onRefused,
    openings: () => openings,
    refuse: (reason: Reason, retryAfterMs?: number) => end({ reason, ...(retryAfterMs && { retryAfterMs }) }, true),
    end: () => end({ reason: "disconnected" }, false),
    data: () => hooks?.onData(Buffer.from("{}"), 0),
  };
};

describe("a stream that is refused", () => {
  test.each(["http-401", "insufficient-scope", "http-429", "http-503", "http-5xx"] as const)(
    "with %s is asked for again a second later",
    (reason) => {
      const { refuse, openings, onRefused } = listening();
      refuse(reason);
      vi.advanceTimersByTime(SECOND - 1);
      expect(openings()).toBe(1);
      vi.advanceTimersByTime(1);
      expect(openings()).toBe(2);
      expect(onRefused).not.toHaveBeenCalled();
    },
  );

  test.each(["http-404", "http-4xx", "http-403", "session-lost", "protocol"] as const)(
    "with %s stays closed",
    (reason) => {
      const { refuse, openings, onRefused } = listening();
      refuse(reason);
      vi.advanceTimersByTime(3600 * SECOND);
      expect(openings()).toBe(1);
      expect(onRefused).toHaveBeenCalledTimes(1);
    },
  );

  test("for minutes is asked for less and less often, then given up and told", () => {
    const { refuse, openings, onRefused } = listening();
    for (let time = 0; time < 16; time++) {
      expect(openings()).toBe(time + 1);
      refuse("http-401");
      vi.advanceTimersByTime(60 * SECOND);
    }
    expect(openings()).toBe(16);
    expect(onRefused).toHaveBeenCalledTimes(1);
  });

  test("is not asked for before the server wants to be asked, a minute at most", () => {
    const { refuse, openings } = listening();
    refuse("http-429", 20 * SECOND);
    vi.advanceTimersByTime(20 * SECOND - 1);
    expect(openings()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(openings()).toBe(2);
    refuse("http-429", 3600 * SECOND);
    vi.advanceTimersByTime(60 * SECOND);
    expect(openings()).toBe(3);
  });

  test("is as good as new once it was there", () => {
    const { refuse, end, openings } = listening();
    for (let time = 0; time < 10; time++) {
      refuse("http-401");
      vi.advanceTimersByTime(60 * SECOND);
    }
    end();
    vi.advanceTimersByTime(SECOND);
    expect(openings()).toBe(12);
    refuse("http-401");
    vi.advanceTimersByTime(SECOND);
    expect(openings()).toBe(13);
  });

  test("is not asked for any more when the session has ended", () => {
    const { refuse, stream, openings } = listening();
    refuse("http-401");
    stream.stop();
    vi.advanceTimersByTime(3600 * SECOND);
    expect(openings()).toBe(1);
  });
});

test("a stream that ends five times without an event is not opened again, one with an event is", () => {
  const empty = listening();
  const lively = listening();
  for (let time = 0; time < 10; time++) {
    if (empty.openings() > time) empty.end();
    lively.data();
    lively.end();
    vi.advanceTimersByTime(60 * SECOND);
  }
  expect(empty.openings()).toBe(6);
  expect(lively.openings()).toBe(11);
});
