/** A service on loopback that answers as a test says, request by request, and the real clients on it. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Token } from "../../../auth/token.ts";
import { AzureError } from "../../../azure/azure-error.ts";
import { LIMITS, type Limits } from "../../../azure/plane/limits.ts";
import { PlaneCredential } from "../../../azure/plane/plane-credential.ts";
import type { RetryClock } from "../../../azure/plane/retry.ts";
import { Service } from "../../../azure/plane/service.ts";
import { issuedBy } from "../../bridge/test-certificates.ts";
import { TEST_CA } from "../../fakes/faulty-server.ts";

export { trustFakes } from "../../auth/azure/azure-harness.ts";

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export const answered =
  (status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    const type = typeof body === "string" ? "text/html" : "application/json";
    response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...headers });
    response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  };

/** An error as both planes have it. */
export const fault = (status: number, code: string, message = "", headers: Readonly<Record<string, string>> = {}) =>
  answered(status, { error: { code, message } }, { "x-ms-error-code": code, "x-ms-request-id": "req-1", ...headers });

/** The connection ends without an answer. */
export const cut: Answer = (response) => void response.socket?.destroy();
export const silent: Answer = () => undefined;

/** JSON without an end. */
export const endless: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const write = (): void => {
    while (!response.destroyed && response.write("[".repeat(65_536)));
  };
  response.on("drain", write);
  write();
};

export interface FakeService {
  readonly origin: string;
  readonly host: string;
  readonly asked: readonly Asked[];
}

/**
 * Ends with its test.
 * @param answers one for each request, the last for all that follow
 * @param onRequest answers by itself, before the body is read, when it returns true
 */
export const fakeService = async (
  answers: readonly Answer[],
  onRequest: (request: IncomingMessage, response: ServerResponse, nth: number) => boolean = () => false,
): Promise<FakeService> => {
  const asked: Asked[] = [];
  let count = 0;
  const { keyPem: key, certPem: cert } = issuedBy(TEST_CA, "plane");
  const server = createServer({ key, cert }, (request, response) => {
    count += 1;
    const answer = answers[Math.min(count, answers.length) - 1];
    if (onRequest(request, response, count)) return;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", headers, url = "" } = request;
      asked.push({ method, headers, url: new URL(url, "https://fake"), body: Buffer.concat(chunks) });
      answer?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: `https://${host}`, host, asked };
};

/** Pauses take no time and are kept. */
export const handClock = (): RetryClock & { readonly pauses: number[]; advance: (ms: number) => void } => {
  let nowMs = 0;
  const pauses: number[] = [];
  return {
    pauses,
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      nowMs += ms;
    },
    random: () => 1,
  };
};

interface ServiceOptions {
  readonly limits?: Partial<Limits>;
  readonly clock?: RetryClock;
  readonly apiVersion?: string;
  /** Where tokens come from. Default: `token-1`, `token-2`, … of an hour each. */
  readonly token?: () => Promise<Token>;
}

export const serviceAt = (
  origin: string,
  { limits, clock = handClock(), apiVersion = "2026-04-01", token = tokens() }: ServiceOptions = {},
): Service => {
  const source = { azure: { token }, credential: { use: "auto", instanceDiscovery: true }, scope: "s" } as const;
  return new Service({
    origin,
    apiVersion,
    credential: new PlaneCredential({ ...source, nowMs: clock.nowMs }),
    userAgent: "swarmbridge/9.9.9",
    correlationId: "11111111-2222-3333-4444-555555555555",
    clock,
    limits: { ...LIMITS, ...limits },
  });
};

export const tokens = (livesMs: number | null = 3_600_000): (() => Promise<Token>) => {
  let count = 0;
  return async () => {
    count += 1;
    return { value: `token-${count}`, livesMs };
  };
};

/** What a call is refused with. */
export const azureError = async (call: Promise<unknown>): Promise<AzureError> => {
  const error = await call.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason,
  );
  if (error instanceof AzureError) return error;
  throw error;
};
