import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sendTo } from "../../../bridge/telemetry/collector-request.ts";

const collector = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
};

const send = (url: string, limitMs?: number) => sendTo({ url, headers: {} }, new Uint8Array([1]), limitMs);

test.each([
  [503, true],
  [429, true],
  [401, false],
  [307, false],
])("HTTP %i is a refusal of that name, and passing: %s", async (status, isPassing) => {
  const url = await collector((_request, response) =>
    response.writeHead(status, { location: "/elsewhere" }).end("said"),
  );
  expect(await send(url)).toEqual({ why: `HTTP ${status}`, isPassing, retryAfterMs: 0 });
});

test("Retry-After is heard in seconds and as a date, and what is neither is none", async () => {
  const waits = ["3600", new Date(Date.now() + 600_000).toUTCString(), "soon", "-5"];
  const heard: number[] = [];
  for (const wait of waits) {
    const url = await collector((_request, response) => response.writeHead(503, { "retry-after": wait }).end());
    heard.push((await send(url))?.retryAfterMs ?? 0);
  }
  expect(heard).toEqual([3_600_000, expect.closeTo(600_000, -5), 0, 0]);
});

test("where nobody listens the cause is that, and not a missing answer", async () => {
  expect(await send("http://127.0.0.1:1/v1/traces")).toMatchObject({ why: "connection refused", isPassing: true });
});

test("one that never answers ends at the limit", async () => {
  const url = await collector(() => undefined);
  expect(await send(url, 50)).toEqual({ why: "no answer in time", isPassing: true, retryAfterMs: 0 });
});

test("a body that never ends, or that is long, holds nothing up once the status is there", async () => {
  const trickling = await collector((_request, response) => response.writeHead(200).write("x"));
  expect(await send(trickling)).toBeNull();
  const long = await collector((_request, response) => response.end(Buffer.alloc(10_000_000)));
  expect(await send(long)).toBeNull();
});
