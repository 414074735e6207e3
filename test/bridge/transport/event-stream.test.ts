import { describe, expect, test } from "vitest";
import { EventStream } from "../../../bridge/transport/event-stream.ts";

const collect = (chunks: readonly Buffer[], maxBytes = 1_000) => {
  const seen = { events: 0, data: [] as string[], isTooLarge: false };
  const stream = new EventStream(maxBytes, {
    onEvent: () => {
      seen.events += 1;
    },
    onData: (data) => seen.data.push(data),
    onTooLarge: () => {
      seen.isTooLarge = true;
    },
  });
  for (const chunk of chunks) stream.feed(chunk);
  return { ...seen, stream };
};

describe("events", () => {
  test("are the same however the bytes are cut", () => {
    const bytes = Buffer.from("\uFEFFid: 1\r\nevent: message\r\ndata: grüße 世界\r\n\r\ndata: two\ndata: lines\n\n");
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { data } = collect([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(data).toEqual(["grüße 世界", "two\nlines"]);
    }
  });

  test("of another kind, comments and empty ones carry no message, but a priming one is an event", () => {
    const { data, events, stream } = collect([
      Buffer.from(": hi\n\nevent: ping\ndata: x\n\nid: p-1\nretry: 250\ndata:\n\n"),
    ]);
    expect(data).toEqual([]);
    expect(events).toBe(2);
    expect(stream.lastEventId).toBe("p-1");
    expect(stream.retryMs).toBe(250);
  });

  test("above the limit end the stream, once, and the rest is not looked at", () => {
    const { data, isTooLarge } = collect([Buffer.from(`data: ${"x".repeat(2_000)}`), Buffer.from("\n\ndata: y\n\n")]);
    expect(isTooLarge).toBe(true);
    expect(data).toEqual([]);
  });

  test("below the limit do not add up to it", () => {
    const chunks = Array.from({ length: 50 }, () => Buffer.from(`data: ${"x".repeat(500)}\n\n`));
    expect(collect(chunks)).toMatchObject({ isTooLarge: false, events: 50 });
  });
});
