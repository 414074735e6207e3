/**
 * Keeps a long session of SDK v1 small. In JSON mode its transport holds about 5 KB for every answered request until the session
 * ends (modelcontextprotocol/typescript-sdk, issue 2559): minutes at full speed would fill the heap. The only way to its
 * books is through private fields; this file goes when a release of SDK v1 has the fix.
 */

import type { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

interface Books {
  /** Open exchanges by stream id; answered ones in JSON mode stay behind here. */
  readonly _streamMapping: Map<string, { readonly resolveJson?: unknown }>;
  /** Stream ids of the requests that still wait for their answer. */
  readonly _requestToStreamMapping: Map<string | number, string>;
}

/** @returns how many exchanges the transport still holds */
export function forgetAnswered(transport: StreamableHTTPServerTransport): number {
  // biome-ignore lint/complexity/useLiteralKeys: a private field is reached by its key only
  const { _streamMapping: streams, _requestToStreamMapping: waiting } = transport["_webStandardTransport"] as Books;
  const waitingIds = new Set(waiting.values());
  for (const [id, { resolveJson }] of streams) {
    if (resolveJson !== undefined && !waitingIds.has(id)) streams.delete(id);
  }
  return streams.size;
}
