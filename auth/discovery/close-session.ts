import { AuthError } from "../auth-error.ts";
import type { Finder } from "./metadata.ts";

/** What an unknown server is taken to speak until it has said so: its own word is better. */
export const SESSION_REVISION = "2025-11-25";

interface Opened {
  /** Its answer's `mcp-session-id`; undefined when it has opened none. */
  readonly session: string | undefined;
  readonly revision: string;
  /** With which it was opened. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

/** A session that was opened only to see whether it can be is not left behind. Never rejects for what the server does. */
export const closeSession = async (
  { http, server }: Finder,
  { session, revision, headers, limitMs }: Opened,
): Promise<void> => {
  if (session === undefined) return;
  try {
    await http({
      method: "DELETE",
      url: server.url,
      headers: { ...headers, "mcp-session-id": session, "mcp-protocol-version": revision },
      trust: "given",
      server,
      limitMs,
      headersOnly: true,
    });
  } catch (error) {
    // The session ends by itself some time; a server may refuse to end it (405).
    if (!(error instanceof AuthError)) throw error;
  }
};
