import { AsyncLocalStorage } from "node:async_hooks";
import type { Operation } from "../operation.ts";

/**
 * Ties an HTTP exchange to the operation it is made for. The SDK has no argument that goes through every path of it to
 * `send` (list pages, rounds, recoveries), the asynchronous context does.
 */
export interface Scope {
  readonly operation: Operation;
  /** The JSON-RPC methods that are the operation itself; anything else that is sent on its way is hidden. */
  readonly methods: readonly string[];
}

export const scope = new AsyncLocalStorage<Scope | undefined>();
