import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DataReader, EventStream, LARGE_BYTES } from "../../../bridge/transport/event-stream.ts";

const collect = (chunks: readonly Buffer[], maxBytes = 1_000) => {
  const seen = { events: 0, data: [] as string[], isTooLarge: false };
  const stream = new EventStream(maxBytes, {
    onEvent: () => {
      seen.events += 1;
    },
    onData: (data) => seen.data.push(data.toString()),
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

  test("are those that eventsource-parser finds, whatever comes and however it is cut", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "data: ",
        "data:",
        "data",
        "id: 7",
        "id:",
        "event: message",
        "event: ping",
        "event:",
        "retry: 12",
        ": no",
        "x: y",
      ),
      fc.constantFrom("\n", "\n\n", "\r\n", "\r", "\r\n\r\n", "\n", "\0", " ", ":"),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(400), { maxLength: 8 }), (parts, cuts) => {
        // The other one does not take a last CR for the end of a line until it knows what follows.
        const text = `${parts.join("")}\n: end\n`;
        const bytes = Buffer.from(text);
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const ours = collect(
          edges.slice(1).map((edge, at) => bytes.subarray(edges[at], edge)),
          100_000,
        );
        const theirs = { events: 0, data: [] as string[], id: null as string | null, retryMs: null as number | null };
        createParser({
          onEvent: ({ data, event, id }) => {
            theirs.events += 1;
            if (id !== undefined) theirs.id = id;
            if (data !== "" && (event === undefined || event === "message")) theirs.data.push(data);
          },
          onRetry: (ms) => {
            theirs.retryMs = ms;
          },
        }).feed(text.startsWith("\uFEFF") ? text.slice(1) : text);
        expect({
          events: ours.events,
          data: ours.data,
          id: ours.stream.lastEventId,
          retryMs: ours.stream.retryMs,
        }).toEqual(theirs);
      }),
      { numRuns: 1_000 },
    );
  });

  test("that grow large go on to their reader, and nothing of them is held", () => {
    const line = "x".repeat(1_000);
    const bytes = Buffer.from(
      `data: ${`${line}\ndata:${line}`.repeat(600)}\nevent: message\n\ndata: small\n\ndata: rest`,
    );
    for (const size of [97, 4_096, bytes.length]) {
      const read: string[] = [];
      const small: string[] = [];
      let held = 0;
      const stream = new EventStream(64 * LARGE_BYTES, {
        onEvent: () => {},
        onData: (data) => small.push(data.toString()),
        onTooLarge: () => expect.unreachable(),
        onLarge: () => new Texts(read),
      });
      for (let from = 0; from < bytes.length; from += size) {
        stream.feed(bytes.subarray(from, from + size));
        held = Math.max(held, stream.heldBytes);
      }
      expect(read).toEqual([`${`${line}\n${line}`.repeat(600)}`]);
      expect(small).toEqual(["small"]);
      expect(held).toBeLessThan(LARGE_BYTES + bytes.length / 10 + size);
      if (size < bytes.length) expect(stream.heldBytes).toBeLessThan(10);
    }
  });

  test("that grow large and turn out to be no message are dropped", () => {
    const read: string[] = [];
    const stream = new EventStream(64 * LARGE_BYTES, {
      onEvent: () => {},
      onData: () => expect.unreachable(),
      onTooLarge: () => expect.unreachable(),
      onLarge: () => new Texts(read),
    });
    stream.feed(Buffer.from(`data: ${"x".repeat(2 * LARGE_BYTES)}\nevent: ping\n\n`));
    expect(read).toEqual([]);
  });
});

class Texts implements DataReader {
  readonly #read: string[];
  #text = "";

  constructor(read: string[]) {
    this.#read = read;
  }

  feed(bytes: Buffer): void {
    this.#text += bytes.toString();
  }

  end(): void {
    this.#read.push(this.#text);
  }
}
