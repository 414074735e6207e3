import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { endLine } from "../../../bridge/link/end-line.ts";
import { LineWriter } from "../../../bridge/link/line-writer.ts";
import { Redactor } from "../../../bridge/redactor.ts";

const written = async (secrets: readonly string[], write: (writer: LineWriter) => void): Promise<string> => {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.learn(secret);
  const stream = new PassThrough();
  const writer = new LineWriter(stream, redactor);
  write(writer);
  await writer.flush();
  return String(stream.read());
};

const failed = {
  id: 7,
  name: "learn:tools/call:search",
  failure: { reason: "timeout", detail: "timeout at service" },
  serviceMs: 41.2,
  responseMs: 41.3,
  bytes: 12,
  endMs: 90.4,
} as const;

test("what waits for a reader is known, in the batch and in the stream", async () => {
  const writer = new LineWriter(new PassThrough({ highWaterMark: 10 }), new Redactor());
  writer.lines('{"end":7,"body":true}', "x".repeat(1_000));
  expect(writer.waitingBytes).toBeGreaterThan(1_000);
  void writer.flush();
  expect(writer.waitingBytes).toBeGreaterThan(1_000);
});

test.each(["service", "response", "timeout", "reason"])(
  "a line stays one that Python reads when %j is a secret",
  async (word) => {
    const text = await written([word], (writer) => writer.line(endLine(failed)));
    const detail = failed.failure.detail.replace(word, "[redacted]");
    expect(JSON.parse(text)).toEqual({ ...(JSON.parse(endLine(failed)) as object), detail });
  },
);

test("a result keeps its keys and numbers, and loses secrets that are named like words of the protocol", async () => {
  const result = '{"content":[{"type":"text","text":"content"}],"reason":"hunter-22","n":12345678901234567890}';
  const text = await written(["content", "hunter-22"], (writer) => writer.lines('{"end":7,"body":true}', result));
  expect(text).toBe(
    '{"end":7,"body":true}\n{"content":[{"type":"text","text":"[redacted]"}],"reason":"[redacted]","n":12345678901234567890}\n',
  );
});
