/**
 * An OpenTelemetry collector that keeps what it is sent, and refuses what the protocol does not allow: the two paths of
 * OTLP over HTTP, POST, protobuf. What a message holds, its test decodes.
 */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

const SIGNALS = { "/v1/metrics": "metrics", "/v1/traces": "traces" } as const;
type Signal = (typeof SIGNALS)[keyof typeof SIGNALS];

export interface Received {
  readonly signal: Signal;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface OtlpCollector {
  readonly endpoint: string;
  readonly received: readonly Received[];
  /** Requests that are no OTLP, in words. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** @param behaviour a status to answer with, or `hang`: then it reads and never answers */
export const otlpCollector = async (behaviour: number | "hang" = 200): Promise<OtlpCollector> => {
  const received: Received[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url = "", headers } = request;
      const isProtobuf = headers["content-type"] === "application/x-protobuf";
      if (!Object.hasOwn(SIGNALS, url) || method !== "POST" || !isProtobuf) {
        faults.push(`${method} ${url} ${headers["content-type"]}`);
        response.writeHead(400).end();
        return;
      }
      const raw = Buffer.concat(chunks);
      const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      received.push({ signal: SIGNALS[url as keyof typeof SIGNALS], headers, body });
      if (behaviour !== "hang") response.writeHead(behaviour, { "content-type": "application/x-protobuf" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    faults,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
