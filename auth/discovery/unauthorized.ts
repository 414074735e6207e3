/** What a server says to somebody who has no credential. Its answer is where all finding out begins (RFC 9728, section 5). */

import type { World } from "../world.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import { closeSession, SESSION_REVISION } from "./close-session.ts";
import type { Finder } from "./metadata.ts";

export interface Unauthorized {
  /** 401 where a credential is wanted; anything else says that none is, or that the server is not well. */
  readonly status: number;
  readonly challenge: Challenge | null;
}

export interface Asker extends Finder {
  readonly monotonicMs: World["monotonicMs"];
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: SESSION_REVISION,
    capabilities: {},
    clientInfo: { name: "swarmbridge-auth", version: "1" },
  },
} as const;

/** A server that wants no credential opens a session for each question, so it is not asked again for so long. */
const OPEN_FOR_MS = 60_000;
const CLOSE_LIMIT_MS = 2_000;

/** The servers that were open when they were asked, and until when that is believed. */
const open = new WeakMap<Finder["server"], { readonly answer: Unauthorized; readonly untilMs: number }>();

/**
 * Asks for a session as any MCP client would, of both eras: a server that wants a credential says so before it reads
 * what is asked. Nothing of the answer is kept but its status and its challenge; a session that came of it is closed.
 * @throws {AuthError} AUTH_UNREACHABLE
 */
export const askUnauthorized = async (asker: Asker): Promise<Unauthorized> => {
  const { server, monotonicMs } = asker;
  const known = open.get(server);
  if (known !== undefined && monotonicMs() < known.untilMs) return known.answer;
  const answer = await ask(asker);
  if (answer.status < 300) open.set(server, { answer, untilMs: monotonicMs() + OPEN_FOR_MS });
  return answer;
};

const ask = async ({ http, server }: Asker): Promise<Unauthorized> => {
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
  const session = headers["mcp-session-id"];
  const opened = { session, revision: SESSION_REVISION, headers: harmless, limitMs: CLOSE_LIMIT_MS };
  await closeSession({ http, server }, opened);
  return { status, challenge: parseChallenge(headers["www-authenticate"] ?? null) };
};
