import { AsyncLocalStorage } from "node:async_hooks";
import { type FetchLike, SSEClientTransport } from "@modelcontextprotocol/client";
import { Response } from "undici";
import type { Credential } from "../../../auth/credential.ts";
import type { Failure } from "../../operation.ts";
import { failureOfNetwork, WireError } from "../../outcome.ts";
import type { Wire } from "../wire.ts";
import { authorizedFetch } from "./authorized-fetch.ts";
import type { Carrier, CarrierHooks } from "./carrier.ts";
import { watchedStream } from "./watched-stream.ts";

/**
 * HTTP+SSE of 2024-11-05: one stream of events for all that the server says, and a POST for each message to it. The stream is
 * the session. The SDK would open another one when it breaks, on which the old session's answers never come, so its end is
 * the session's.
 */
export const eventSourceCarrier = (wire: Wire, credential: Credential): Carrier => {
  const lease = wire.connections.lease();
  /** The SDK has no argument that goes through its `send` to the fetch. */
  const waits = new AsyncLocalStorage<AbortSignal>();
  let hooks: CarrierHooks | null = null;
  let failure: Failure | null = null;
  let lastError: Error | null = null;
  let isOver = false;

  const lost = (why: Failure): void => {
    if (isOver) return;
    isOver = true;
    failure = why;
    void transport.close();
    hooks?.onLost(why);
  };

  const send = authorizedFetch({ wire, credential, dispatcher: lease.dispatcher });
  const post: FetchLike = (url, init) => send(url, { ...init, signal: waits.getStore() ?? init?.signal ?? null });
  const openStream: FetchLike = async (url, init) => {
    try {
      const response = await send(url, init);
      const { status, headers, body } = response;
      await refuseOtherContent(response);
      const closed = wire.count.streamOpened();
      const stream = watchedStream(body, wire.settings.maxAnswerBytes, (error) => {
        closed();
        lost(error === null ? { reason: "disconnected", detail: "the stream ended" } : failureOfNetwork(error));
      });
      return new Response(stream, { status, headers: [...headers] }) as unknown as globalThis.Response;
    } catch (error) {
      lost(failureOfNetwork(error));
      throw error;
    }
  };

  const transport = new SSEClientTransport(new URL(wire.settings.url), {
    fetch: post,
    eventSourceInit: { fetch: openStream as typeof fetch },
  });
  transport.onerror = (error) => {
    lastError = error;
  };
  // The SDK ends it itself for one reason only.
  transport.onclose = () =>
    lost({ reason: "protocol", detail: `the endpoint that the server names is refused: ${lastError?.message ?? ""}` });

  return {
    start: async (its) => {
      hooks = its;
      transport.onmessage = (message) => its.onMessage(message, Buffer.byteLength(JSON.stringify(message)));
      try {
        await transport.start();
      } catch (error) {
        throw new WireError(failure ?? failureOfNetwork(error), { cause: error });
      }
    },
    send: async ({ message }, signal) => {
      try {
        await waits.run(signal, () => transport.send(message));
      } catch (error) {
        throw new WireError(failureOfNetwork(error), { cause: error });
      }
    },
    setProtocolVersion: (version) => transport.setProtocolVersion(version),
    close: async () => {
      isOver = true;
      await transport.close();
      lease.release();
    },
  };
};

/** The SDK would leave the body of such an answer where it is, and its connection open. */
const refuseOtherContent = async ({ headers, body }: globalThis.Response): Promise<void> => {
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "text/event-stream") return;
  await body?.cancel();
  const what = type === "" ? "has no content type" : `is ${type}`;
  throw new WireError({ reason: "protocol", detail: `the answer to the GET ${what}, where text/event-stream must be` });
};
