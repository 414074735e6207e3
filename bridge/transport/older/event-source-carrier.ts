import { type FetchLike, SSEClientTransport } from "@modelcontextprotocol/client";
import { Response } from "undici";
import type { Credential } from "../../../auth/credential.ts";
import type { Failure } from "../../operation.ts";
import { failureOfNetwork } from "../../outcome.ts";
import type { Wire } from "../wire.ts";
import { authorizedFetch } from "./authorized-fetch.ts";
import type { Carrier } from "./carrier.ts";
import { watchedStream } from "./watched-stream.ts";

/**
 * HTTP+SSE of 2024-11-05: one stream of events for all that the server says, and a POST for each message to it. The stream is
 * the session. The SDK would open another one when it breaks, on which the old session's answers never come, so its end is
 * the session's.
 */
export const eventSourceCarrier = (wire: Wire, credential: Credential): Carrier => {
  const lease = wire.connections.lease();
  let failure: Failure | null = null;
  let isOver = false;
  const lost = (why: Failure): void => {
    if (isOver) return;
    isOver = true;
    failure ??= why;
    void transport.close();
    carrier.onLost?.();
  };
  const send = authorizedFetch({
    wire,
    credential,
    dispatcher: lease.dispatcher,
    onFailure: (why) => {
      failure = why;
    },
  });
  const openStream: FetchLike = async (url, init) => {
    const response = await send(url, init);
    const closed = wire.count.streamOpened();
    const stream = watchedStream(response.body, wire.settings.maxAnswerBytes, (error) => {
      closed();
      if (error === null) lost({ reason: "disconnected", detail: "the stream ended" });
      else lost(failureOfNetwork(error));
    });
    const { status, headers } = response;
    return new Response(stream, { status, headers: [...headers] }) as unknown as globalThis.Response;
  };
  const transport = new SSEClientTransport(new URL(wire.settings.url), {
    fetch: send,
    eventSourceInit: { fetch: openStream as typeof fetch },
  });
  const carrier: Carrier = {
    transport,
    failure: () => failure,
    release: () => {
      isOver = true;
      lease.release();
    },
  };
  return carrier;
};
