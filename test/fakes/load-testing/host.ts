/**
 * One HTTPS host of the fake: reads a request, meets the faults that are switched on, answers and keeps a log. What is
 * answered is the part of others.
 */

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { issuedBy } from "../../bridge/test-certificates.ts";
import { TEST_CA } from "../faulty-server.ts";
import type { WireFaults } from "./faults.ts";
import { ServiceError } from "./service-error.ts";

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bytes that came; more than `body` holds when it was too large to keep. */
  readonly bodyBytes: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; `headers` name its type. */
  readonly bytes?: Buffer | string;
}

export interface LoggedRequest {
  readonly host: string;
  readonly method: string;
  /** Path and query; the signature of a SAS link is left out. */
  readonly path: string;
  /** null: the connection was cut, or nothing was answered. */
  readonly status: number | null;
  /** `x-ms-correlation-request-id`, else `x-ms-client-request-id`. */
  readonly correlationId: string | null;
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyBytes: number;
  /** The code of a refusal. */
  readonly errorCode: string | null;
}

/** Azure takes files of up to 50 MB; what is longer is counted and thrown away. */
const MOST_BYTES = 50 * 1024 * 1024;

export class Host {
  url = "";
  readonly #name: string;
  readonly #server: Server;
  readonly #faults: WireFaults;
  readonly #log: LoggedRequest[];
  readonly #answer: (call: Call) => Reply | Promise<Reply>;

  constructor(
    name: string,
    parts: {
      readonly faults: WireFaults;
      readonly log: LoggedRequest[];
      readonly answer: (call: Call) => Reply | Promise<Reply>;
    },
  ) {
    this.#name = name;
    this.#faults = parts.faults;
    this.#log = parts.log;
    this.#answer = parts.answer;
    const { keyPem: key, certPem: cert } = issuedBy(TEST_CA, name);
    // A client that goes away in the middle is nothing to tell.
    this.#server = createServer(
      { key, cert },
      (request, response) => void this.#serve(request, response).catch(() => undefined),
    );
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const method = request.method ?? "";
    const requestId = randomUUID();
    const isHit = this.#faults.only === null || `${method} ${url.pathname}`.includes(this.#faults.only);
    const wire = isHit ? this.#faults : null;
    const logged = (status: number | null, bodyBytes: number, errorCode: string | null = null): void => {
      this.#log.push({
        host: this.#name,
        method,
        path: url.pathname + url.search.replace(/([?&]sig=)[^&]*/, "$1..."),
        status,
        correlationId: first(
          request.headers["x-ms-correlation-request-id"] ?? request.headers["x-ms-client-request-id"],
        ),
        requestId,
        headers: request.headers,
        bodyBytes,
        errorCode,
      });
    };
    const read = await this.#read(request, method === "PUT" ? wire : null);
    if (read === null) return logged(null, 0);
    if (wire !== null && wire.delayMs > 0) await sleep(wire.delayMs);
    if (wire !== null && used(wire, "hanging")) return logged(null, read.bodyBytes);
    const settled = async (): Promise<Reply> => {
      const carriedOut = await this.#settled({ method, url, headers: request.headers, ...read });
      return (wire && misreported(wire)) ?? carriedOut;
    };
    const reply = (wire && interrupted(wire)) ?? (await settled());
    if (wire !== null && used(wire, "cutAfterwards")) {
      request.socket.destroy();
      return logged(null, read.bodyBytes);
    }
    const code = reply.headers?.["x-ms-error-code"] ?? null;
    logged(reply.status, read.bodyBytes, code);
    send(response, method, {
      ...reply,
      headers: { "x-ms-request-id": requestId, ...reply.headers },
    });
  }

  async #read(
    request: IncomingMessage,
    wire: WireFaults | null,
  ): Promise<{ readonly body: Buffer; readonly bodyBytes: number } | null> {
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bodyBytes += chunk.length;
      if (bodyBytes <= MOST_BYTES) chunks.push(chunk);
      if (wire !== null && wire.cutUploadAfterBytes !== null && bodyBytes >= wire.cutUploadAfterBytes) {
        wire.cutUploadAfterBytes = null;
        request.socket.destroy();
        return null;
      }
    }
    return { body: Buffer.concat(chunks), bodyBytes };
  }

  async #settled(call: Call): Promise<Reply> {
    try {
      return await this.#answer(call);
    } catch (error) {
      return asReply(error);
    }
  }
}

export const isTooLarge = (call: Call): boolean => call.bodyBytes > MOST_BYTES;

/** What was thrown, as an answer. A fault of the fake itself too: a test is to see it, not to hang. */
export const asReply = (error: unknown): Reply =>
  refusal(error instanceof ServiceError ? error : new ServiceError(500, "FakeIsBroken", String(error)));

const refusal = (error: ServiceError): Reply => ({
  status: error.status,
  headers: { "x-ms-error-code": error.code },
  json: error.body,
});

const first = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;

type Count = {
  [Key in keyof WireFaults]: Key extends "retryAfterSeconds" | "delayMs"
    ? never
    : WireFaults[Key] extends number
      ? Key
      : never;
}[keyof WireFaults];

const used = (wire: WireFaults, count: Count): boolean => {
  if (wire[count] <= 0) return false;
  wire[count] -= 1;
  return true;
};

/** @returns null when the request is to be carried out */
const interrupted = (wire: WireFaults): Reply | null => {
  if (used(wire, "throttled")) {
    const error = new ServiceError(429, "TooManyRequests", "The request was throttled.");
    const { headers, ...rest } = refusal(error);
    return { ...rest, headers: { ...headers, "retry-after": String(wire.retryAfterSeconds) } };
  }
  if (used(wire, "unavailable")) return refusal(new ServiceError(503, "ServiceUnavailable", "The service is busy."));
  if (used(wire, "html")) {
    return { status: 502, headers: { "content-type": "text/html" }, bytes: "<html><h1>502 Bad Gateway</h1></html>" };
  }
  if (used(wire, "brokenJson")) return HALF_JSON;
  return wire.forbidden ? FORBIDDEN : null;
};

/** What a request that was carried out is answered with nevertheless; null: the truth. */
const misreported = (wire: WireFaults): Reply | null => {
  if (used(wire, "brokenJsonAfterwards")) return HALF_JSON;
  return used(wire, "forbiddenAfterwards") ? FORBIDDEN : null;
};

const HALF_JSON: Reply = { status: 200, headers: { "content-type": "application/json" }, bytes: '{"value": [' };
const FORBIDDEN: Reply = refusal(
  new ServiceError(403, "AuthorizationFailed", "The client does not have authorization to do that."),
);

const send = (response: ServerResponse, method: string, { status, headers, json, bytes }: Reply): void => {
  const body = bytes ?? (json === undefined ? "" : JSON.stringify(json));
  response.writeHead(status, {
    ...(json === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    ...(status === 204 ? {} : { "content-length": Buffer.byteLength(body) }),
    ...headers,
  });
  response.end(method === "HEAD" ? undefined : body);
};
