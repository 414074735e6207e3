import type { Socket } from "node:net";
import type { buildConnector } from "undici";
import type { ConnectionProtocol, ConnectionsEvent } from "../../record/facts/connections.ts";
import { failureOfNetwork } from "../outcome.ts";

export type ConnectionsReading = Omit<ConnectionsEvent, "server" | "atMs">;

/**
 * Counts what happens to the connections of one server, where they are made and where they end: a request that goes over
 * one adds one to a number and nothing else. Read once a second.
 */
export class ConnectionCount {
  /** Handed to a connection, since the last reading. */
  requests = 0;
  #opened: Partial<Record<ConnectionProtocol, number>> = {};
  #failed: Record<string, number> = {};
  #closedByServer = 0;
  #closedByUs = 0;
  #open = 0;
  #peakOpen = 0;
  #streams = 0;
  #peakStreams = 0;

  /** The connector, its connections counted. */
  counted(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error !== null) {
          this.failed(error);
          callback(error, null);
          return;
        }
        this.opened("alpnProtocol" in socket && socket.alpnProtocol === "h2" ? "h2" : "http/1.1");
        socket.once("close", () => this.closed(isServersDoing(socket)));
        callback(null, socket);
      });
  }

  opened(protocol: ConnectionProtocol): void {
    this.#opened[protocol] = (this.#opened[protocol] ?? 0) + 1;
    this.#open += 1;
    this.#peakOpen = Math.max(this.#peakOpen, this.#open);
  }

  closed(isByServer: boolean): void {
    this.#open -= 1;
    if (isByServer) this.#closedByServer += 1;
    else this.#closedByUs += 1;
  }

  failed(error: unknown): void {
    const { code, detail } = failureOfNetwork(error);
    // The refusal of a proxy has a status, all others the system's code.
    const what = code === undefined ? (detail ?? "unknown") : `proxy ${code}`;
    const key = /^[\w -]{1,60}$/.test(what) ? what : "unknown";
    this.#failed[key] = (this.#failed[key] ?? 0) + 1;
  }

  /** A standalone GET stream has been accepted. @returns to be called when it is over */
  streamOpened(): () => void {
    this.#streams += 1;
    this.#peakStreams = Math.max(this.#peakStreams, this.#streams);
    return () => {
      this.#streams -= 1;
    };
  }

  /** What happened since the last reading; null for nothing. */
  read(): ConnectionsReading | null {
    const reading: ConnectionsReading = {
      requests: this.requests,
      opened: this.#opened,
      failed: this.#failed,
      closedByServer: this.#closedByServer,
      closedByUs: this.#closedByUs,
      open: this.#peakOpen,
      streams: this.#peakStreams,
    };
    const isNothing =
      reading.requests + reading.closedByServer + reading.closedByUs + reading.open + reading.streams === 0 &&
      Object.keys(reading.failed).length === 0;
    if (isNothing) return null;
    this.requests = 0;
    this.#opened = {};
    this.#failed = {};
    this.#closedByServer = 0;
    this.#closedByUs = 0;
    this.#peakOpen = this.#open;
    this.#peakStreams = this.#streams;
    return reading;
  }
}

/** With which a connection ends that the other side has given up; undici's own for an end or a GOAWAY in the middle. */
const OF_THE_SERVER = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET"]);

const isServersDoing = (socket: Socket): boolean => {
  const error: (Error & { readonly code?: string }) | null = socket.errored;
  if (socket.readableEnded || OF_THE_SERVER.has(error?.code ?? "")) return true;
  // `connection: close` on an answer: undici ends the connection for the server, with this.
  return error?.code === "UND_ERR_INFO" && error.message === "reset";
};
