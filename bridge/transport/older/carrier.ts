import type { Transport } from "@modelcontextprotocol/client";
import type { Failure } from "../../operation.ts";

/** One of the SDK's own transports, for servers that have nothing newer. */
export interface Carrier {
  readonly transport: Transport;
  /** Why it could not be had, or is over, as far as is known. */
  readonly failure: () => Failure | null;
  /** Called when it ends by itself. A carrier without it says so by its transport's `onclose`. */
  onLost?: () => void;
  /** Gives back what it holds beside the transport. */
  readonly release: () => void;
}
