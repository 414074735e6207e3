import type { FetchLike } from "@modelcontextprotocol/client";
import { type Dispatcher, fetch, type Response } from "undici";
import { AuthError } from "../../../auth/auth-error.ts";
import type { Credential } from "../../../auth/credential.ts";
import type { Failure, Operation } from "../../operation.ts";
import { failureOfNetwork, failureOfStatus, isCredentialRefusal, WireError } from "../../outcome.ts";
import { withoutCredential } from "../authorized-request.ts";
import { CookieJar } from "../cookie-jar.ts";
import { scope } from "../scope.ts";
import type { Wire } from "../wire.ts";

export interface FetchDeps {
  readonly wire: Wire;
  readonly credential: Credential;
  readonly dispatcher: Dispatcher;
}

/** As much of a refusal as is of use. */
const MAX_REFUSAL_BYTES = 65_536;

type Init = Parameters<FetchLike>[1];

/**
 * A `fetch` for the SDK's older transport on this server's connections, with its headers and the credential, which is renewed
 * once when the server refuses it. Follows no redirect. Anything but a 2xx rejects, with the failure that it means, and so
 * does an abort whose reason is a `WireError`.
 */
export const authorizedFetch = ({ wire, credential, dispatcher }: FetchDeps): FetchLike => {
  const cookies = wire.settings.cookies ? new CookieJar() : null;

  const sendOnce = async (url: string | URL, init: Init, authorization: string | null): Promise<Response> => {
    const headers = new Headers(init?.headers);
    for (let at = 0; at < wire.headers.length; at += 2) headers.set(wire.headers[at] ?? "", wire.headers[at + 1] ?? "");
    const cookie = cookies?.header();
    if (cookie) headers.set("cookie", cookie);
    if (authorization !== null) {
      wire.remember(authorization);
      headers.set("authorization", authorization);
    }
    wire.count.requests += 1;
    const response = await fetch(url, {
      ...(init as object),
      headers: [...headers],
      dispatcher,
      redirect: "manual",
    });
    cookies?.take(response.headers.getSetCookie());
    return response;
  };

  const send = async (url: string | URL, init: Init): Promise<Response> => {
    const sent = await waitedFor(wire, credential.authorization());
    const fromMs = wire.clock();
    const response = await sendOnce(url, init, sent);
    if (!isRefusal(response)) return response;
    const challenge = response.headers.get("www-authenticate");
    const isWorthIt = await waitedFor(wire, credential.rejected(sent, challenge));
    const tookMs = wire.clock() - fromMs;
    if (!isWorthIt) {
      wire.onRepair({ outcome: "http-401", tookMs });
      return response;
    }
    await response.body?.cancel();
    const renewed = await waitedFor(wire, credential.authorization());
    const repeated = await sendOnce(url, init, renewed);
    if (!isRefusal(repeated)) credential.accepted(renewed);
    wire.onRepair({ outcome: isRefusal(repeated) ? "http-401" : "ok", tookMs });
    return repeated;
  };

  return async (url, init) => {
    try {
      const response = await send(url, init);
      if (!response.ok) throw new WireError(await failureOf(response, init?.method === "POST"));
      return response as unknown as globalThis.Response;
    } catch (error) {
      const refusal = error instanceof AuthError ? withoutCredential(error) : error;
      throw new WireError(failureOfNetwork(refusal), { cause: error });
    }
  };
};

/** What is waited for is nobody's slowness: the operation's time stands still. */
const waitedFor = async <T>(wire: Wire, value: T | Promise<T>): Promise<T> => {
  if (!(value instanceof Promise)) return value;
  const operation: Operation | undefined = scope.getStore()?.operation;
  operation?.pause(wire.clock());
  try {
    return await value;
  } finally {
    operation?.resume(wire.clock());
  }
};

const isRefusal = ({ status, headers }: Response): boolean =>
  isCredentialRefusal(status, headers.get("www-authenticate") ?? undefined);

/** A POST goes to the address of one session: 404 means that it is gone. */
const failureOf = async (response: Response, hasSession: boolean): Promise<Failure> =>
  failureOfStatus({
    status: response.status,
    body: await headOf(response),
    hasSession,
    wwwAuthenticate: response.headers.get("www-authenticate") ?? undefined,
    retryAfter: response.headers.get("retry-after") ?? undefined,
  });

const headOf = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += chunk.length;
    if (bytes >= MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES).toString("utf8");
};
