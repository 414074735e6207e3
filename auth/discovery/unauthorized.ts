/** What a server says to somebody who has no credential. Its answer is where all finding out begins (RFC 9728, section 5). */

import { type Challenge, parseChallenge } from "./challenge.ts";
import type { Finder } from "./metadata.ts";

export interface Unauthorized {
  /** 401 where a credential is wanted; anything else says that none is, or that the server is not well. */
  readonly status: number;
  readonly challenge: Challenge | null;
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "swarmbridge-auth", version: "1" },
  },
} as const;

/**
 * Asks for a session as any MCP client would, of both eras: a server that wants a credential says so before it reads
 * what is asked. Nothing of the answer is kept but its status and its challenge.
 * @throws {AuthError} AUTH_UNREACHABLE
 */
export const askUnauthorized = async ({ http, server }: Finder): Promise<Unauthorized> => {
  const { authorization: _, ...harmless } = server.headers;
  const { status, headers } = await http({
    method: "POST",
    url: server.url,
    headers: {
      ...harmless,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify(INITIALIZE),
    trust: "given",
    server,
    headersOnly: true,
  });
  return { status, challenge: parseChallenge(headers["www-authenticate"] ?? null) };
};
