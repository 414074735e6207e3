/**
 * An authorization server and an MCP server that wants its tokens, as a process of their own for tests in any language:
 * `oauth-main.ts [CLIENTS] [plain]` has clients `client-0` and so on with the secrets `secret-of-client-0` and so on; with `plain` the MCP server
 * speaks http.
 *
 * Prints one line of JSON: `{url, issuer, tokenEndpoint, ca}`. Each line of JSON that it reads may change behaviour,
 * `{"oauth": {"lifeS": 20}, "mcp": {"scopes": ["a"]}, "revoke": true, "forget": true}`, and is answered by a line with all counts. Ends
 * when its input ends.
 */

import { createInterface } from "node:readline";
import { OAuthServer } from "./oauth-server.ts";
import { ProtectedMcpServer } from "./protected-mcp-server.ts";
import { TestAuthority, withoutTls } from "./test-tls.ts";

const clients = Object.fromEntries(
  Array.from({ length: Number(process.argv[2] ?? 1) }, (_, index) => [
    `client-${index}`,
    { secret: `secret-of-client-${index}` },
  ]),
);

const authority = new TestAuthority();
const oauth = await OAuthServer.start(authority, { clients });
const mcp = await ProtectedMcpServer.start(process.argv[3] === "plain" ? withoutTls : authority, (token) =>
  oauth.introspect(token),
);
mcp.protection.authorizationServers = [oauth.issuer];

const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
say({ url: mcp.url, issuer: oauth.issuer, tokenEndpoint: oauth.tokenEndpoint, ca: authority.caPath });

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line) as { oauth?: object; mcp?: object; revoke?: boolean; forget?: boolean };
  Object.assign(oauth.behaviour, told.oauth);
  Object.assign(mcp.protection, told.mcp);
  if (told.revoke === true) oauth.revokeAll();
  if (told.forget === true) mcp.forgetSessions();
  say({
    oauth: { ...oauth.counts, refusals: oauth.refusals, issuedTo: Object.fromEntries(oauth.issuedTo) },
    mcp: { ...mcp.counts, tokens: mcp.tokensSeen.size, callsOf: Object.fromEntries(mcp.callsOf) },
  });
}
await Promise.all([oauth.close(), mcp.close()]);
authority.close();
