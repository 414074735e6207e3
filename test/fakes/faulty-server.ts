/** A server on loopback that a test can make slow, broken, out of time or overrun; the ground of the Azure fakes. */

import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { certificateAuthority, issuedBy } from "../bridge/test-certificates.ts";

export const TEST_CA = certificateAuthority("swarmbridge fakes");

/** May be changed while the server runs. */
export interface Faults {
  /** Each answer waits so long. */
  delayMs: number;
  /** What happens instead of an answer: `reset`, `hang`, `html` (a proxy's error page), `flood` (a body without end), or this status. */
  outage: "reset" | "hang" | "html" | "flood" | number | null;
  /** 307 to this place, body and all. */
  redirect: string | null;
  /** 429 with this Retry-After, in seconds. */
  throttleSeconds: number | null;
  /** How far its clock is ahead of this machine's, in its Date header and in all that it dates. */
  skewMs: number;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly form: URLSearchParams;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export class FaultyServer {
  readonly faults: Faults = { delayMs: 0, outage: null, redirect: null, throttleSeconds: null, skewMs: 0 };
  /** Every request, those too that met a fault. */
  readonly asked: Asked[] = [];
  url = "";
  readonly #server: Server;
  readonly #answer: (asked: Asked) => Answered;

  constructor(scheme: "http" | "https", answer: (asked: Asked) => Answered) {
    this.#answer = answer;
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    const { keyPem: key, certPem: cert } = issuedBy(TEST_CA, "fake");
    this.#server = scheme === "http" ? createHttpServer(serve) : createHttpsServer({ key, cert }, serve);
    this.#server.on("listening", () => {
      this.url = `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  nowMs(): number {
    return Date.now() + this.faults.skewMs;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked: Asked = {
      method: request.method ?? "",
      url: new URL(request.url ?? "/", this.url),
      headers: request.headers,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    };
    this.asked.push(asked);
    const { delayMs, outage, throttleSeconds } = this.faults;
    if (delayMs > 0) await sleep(delayMs);
    if (outage === "hang") return;
    if (outage === "reset") {
      request.socket.destroy();
      return;
    }
    if (this.faults.redirect !== null) {
      response.writeHead(307, { location: this.faults.redirect }).end();
      return;
    }
    if (outage === "flood") return flood(response);
    const { status, headers = {}, body } = this.#settle(asked, outage, throttleSeconds);
    response.sendDate = false;
    const isText = typeof body === "string";
    response.writeHead(status, {
      date: new Date(this.nowMs()).toUTCString(),
      "content-type": isText ? "text/html" : "application/json",
      ...headers,
    });
    response.end(isText ? body : body === undefined ? "" : JSON.stringify(body));
  }

  #settle(asked: Asked, outage: Faults["outage"], throttleSeconds: number | null): Answered {
    if (outage === "html") return { status: 502, body: "<html>bad gateway</html>" };
    if (typeof outage === "number") return { status: outage, body: { error: "server_error" } };
    if (throttleSeconds !== null) {
      return {
        status: 429,
        headers: { "retry-after": String(throttleSeconds) },
        body: { error: { code: "Throttled" } },
      };
    }
    return this.#answer(asked);
  }
}

/** As fast as the other side takes it, until it hangs up. */
const flood = async (response: ServerResponse): Promise<void> => {
  response.writeHead(200, { "content-type": "application/json" });
  const endless = function* () {
    for (;;) yield "[".repeat(64 * 1024);
  };
  await pipeline(Readable.from(endless()), response).catch(() => undefined); // hanging up is what it waits for
};
