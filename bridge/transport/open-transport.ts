import type { Credential } from "../../auth/credential.ts";
import type { WireError } from "../outcome.ts";
import { HttpTransport } from "./http-transport.ts";
import { ChildCarrier } from "./older/child-carrier.ts";
import { eventSourceCarrier } from "./older/event-source-carrier.ts";
import { OlderTransport } from "./older/older-transport.ts";
import type { SessionTransport } from "./session-transport.ts";
import type { Wire } from "./wire.ts";

/**
 * The transport of a new session, by the server's settings.
 * @param rejection makes of a failed request the error that the SDK is to see
 */
export const openTransport = (
  wire: Wire,
  credential: Credential,
  rejection: (method: string, error: WireError) => Error,
): SessionTransport => {
  const { transport, stdio } = wire.settings;
  if (transport === "stdio" && stdio !== null) return new OlderTransport(wire, new ChildCarrier(stdio, wire));
  if (transport === "sse") return new OlderTransport(wire, eventSourceCarrier(wire, credential));
  return new HttpTransport(wire, credential, rejection);
};
