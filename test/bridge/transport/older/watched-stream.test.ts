import { describe, expect, test, vi } from "vitest";
import { watchedStream } from "../../../../bridge/transport/older/watched-stream.ts";

const LIMIT = 100;

const passed = async (chunks: readonly string[]) => {
  const onOver = vi.fn<(error: unknown) => void>();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });
  const text = await new Response(watchedStream(body, LIMIT, onOver)).text().catch(() => null);
  expect(onOver).toHaveBeenCalledTimes(1);
  return { text, failure: (onOver.mock.calls[0]?.[0] as { failure?: unknown } | null)?.failure };
};

const DATA = `data: ${"x".repeat(60)}`;

describe("a stream of events, each of less than the limit", () => {
  test.each([
    ["in a chunk of its own", [`${DATA}\n\n`]],
    ["flushed after each line", [`${DATA}\n`, "\n"]],
    ["flushed after each line, with CRLF", [`${DATA}\r\n`, "\r\n"]],
    ["with CRLF torn apart", [`${DATA}\r`, "\n\r", "\n"]],
    ["with CR", [`${DATA}\r`, "\r"]],
    ["with the line end of one in the chunk of the next", [DATA, `\n\n${DATA}`, "\n\n"]],
  ])("%s, passes as it is, however many there are", async (_how, chunks) => {
    const all = Array.from({ length: 20 }, () => chunks).flat();
    expect(await passed(all)).toEqual({ text: all.join(""), failure: undefined });
  });

  test.each([
    ["lines of one event", Array.from({ length: 3 }, () => `${DATA}\n`)],
    ["lines with CRLF, torn apart", Array.from({ length: 3 }, () => [`${DATA}\r`, "\n"]).flat()],
    ["one line", ["data: ", "x".repeat(60), "x".repeat(60)]],
  ])("%s that grow past it end it as too-large", async (_what, chunks) => {
    expect(await passed(chunks)).toEqual({ text: null, failure: { reason: "too-large" } });
  });
});
