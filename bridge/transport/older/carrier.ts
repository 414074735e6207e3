import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import type { Failure } from "../../operation.ts";

/** What carries the messages of one session with a server that has nothing newer. */
export interface Carrier {
  /** @throws {WireError} why it cannot be had */
  start(hooks: CarrierHooks): Promise<void>;
  /**
   * Resolves when the message has been taken.
   * @param signal ends the wait for that
   * @throws {WireError} why it has not been taken, or the signal's reason
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
  setProtocolVersion?(version: string): void;
  /** Ends it, also one that never began. It says nothing after that. */
  close(): Promise<void>;
}

export interface CarrierHooks {
  /** @param bytes length of the message as it came, as far as the carrier sees that */
  readonly onMessage: (message: JSONRPCMessage, bytes: number) => void;
  /** It ended by itself, once; before `start` has resolved it means that it never will. */
  readonly onLost: (failure: Failure) => void;
}

export interface OutgoingMessage {
  readonly message: JSONRPCMessage;
  /** The same as JSON. */
  readonly text: string;
}
