/**
 * The bearer check of the demo servers and what a client is told when it fails: a challenge that names the protected
 * resource's metadata, and that document. The token is a demo value that guards nothing.
 */

import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";

/** `required`: no MCP without a token. `optional`: serves without one, but refuses a wrong one. */
export type BearerRule = "none" | "optional" | "required";

/** The demo's own token, which loadtest.yaml names, and `DEMO_MCP_TOKEN` if set: either is taken. */
export function acceptedTokens(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const own = readFileSync(new URL("./demo-token.txt", import.meta.url), "utf8").trim();
  return env.DEMO_MCP_TOKEN ? [own, env.DEMO_MCP_TOKEN] : [own];
}

export function isAuthorized(request: IncomingMessage, rule: BearerRule, tokens: readonly string[]): boolean {
  if (rule === "none") return true;
  const { authorization } = request.headers;
  if (authorization === undefined) return rule === "optional";
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return token !== undefined && tokens.includes(token);
}

/** Where the metadata of the resource `<origin>/mcp` lies. @see RFC 9728, section 3.1 */
export const METADATA_PATH = "/.well-known/oauth-protected-resource/mcp";

/** @see RFC 9728, section 5.1, and RFC 6750, section 3 (no error code when no token came) */
export function challenge(request: IncomingMessage, response: ServerResponse, origin: string): void {
  const error = request.headers.authorization === undefined ? "" : 'error="invalid_token", ';
  response.writeHead(401, {
    "content-type": "application/json",
    "www-authenticate": `Bearer ${error}resource_metadata="${origin}${METADATA_PATH}"`,
  });
  response.end(JSON.stringify({ error: "a bearer token is required" }));
}

/**
 * @returns the protected resource's metadata. It names the server itself as its authorization server, which it is not: the
 * demo has none, and a client that goes looking must not leave this machine.
 * @see RFC 9728, section 2
 */
export const resourceMetadata = (origin: string, name: string): Record<string, unknown> => ({
  resource: `${origin}/mcp`,
  resource_name: `demo ${name}`,
  authorization_servers: [origin],
  bearer_methods_supported: ["header"],
  scopes_supported: ["mcp.read"],
});
