/** Requests to the fake without any SDK between: what is sent is what a test wrote. */

import { readFileSync } from "node:fs";
import { request } from "node:https";
import { mint } from "../entra-token.ts";
import type { FakeLoadTesting } from "./fake-load-testing.ts";
import type { Json } from "./merge-patch.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  /** The body as JSON; a map with nothing in it when it is none. */
  readonly json: Json;
}

export interface Sent {
  readonly json?: unknown;
  readonly bytes?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MERGE_PATCH = { "content-type": "application/merge-patch+json" };

export class RawClient {
  readonly #fake: FakeLoadTesting;

  constructor(fake: FakeLoadTesting) {
    this.#fake = fake;
  }

  /** @param audience of the token; null: none is sent */
  send(method: string, url: string, sent: Sent = {}, audience: string | null = null): Promise<Answer> {
    const ca = readFileSync(this.#fake.caFile);
    const body = sent.bytes ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json));
    const token = audience === null ? {} : { authorization: `Bearer ${tokenFor(audience)}` };
    // Node sends neither a length nor chunks for a DELETE by itself.
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const asked = request(
      url,
      { method, ca, agent: false, headers: { ...token, ...length, ...sent.headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json: parsed(bytes) });
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
    return promise;
  }

  /** To the data plane, with its token and api-version. */
  data(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const { urls, audience } = this.#fake;
    return this.send(method, `https://${urls.dataPlaneHost}${versioned(path, "2026-04-01")}`, sent, audience);
  }

  patch(path: string, json: unknown): Promise<Answer> {
    return this.data("PATCH", path, { json, headers: MERGE_PATCH });
  }

  upload(testId: string, name: string, bytes: Buffer | string, fileType = "ADDITIONAL_ARTIFACTS"): Promise<Answer> {
    const headers = { "content-type": "application/octet-stream" };
    return this.data("PUT", `/tests/${testId}/files/${name}?fileType=${fileType}`, { bytes, headers });
  }

  /** To Azure Resource Manager, with its token. */
  management(path: string, apiVersion = "2022-12-01"): Promise<Answer> {
    const { management } = this.#fake.urls;
    return this.send("GET", management + versioned(path, apiVersion), {}, management);
  }
}

const versioned = (path: string, version: string): string =>
  path.includes("api-version=") ? path : `${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;

const tokenFor = (aud: string): string => {
  const iat = Math.floor(Date.now() / 1000);
  return mint({ aud, iss: "fake", tid: "tenant", appid: "client", iat, exp: iat + 60 });
};

const parsed = (bytes: Buffer): Json => {
  try {
    return JSON.parse(bytes.toString("utf8")) as Json;
  } catch {
    return {}; // XML, a zip, nothing
  }
};
