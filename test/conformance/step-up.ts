/**
 * Scope step-up without a browser, through the bridge as it ships. The suites' own scenario reads the scopes off a login;
 * this one has the servers of test/fakes, which give a token the scopes that its token request asks for.
 */

import { OAuthServer } from "../fakes/oauth-server.ts";
import { ProtectedMcpServer } from "../fakes/protected-mcp-server.ts";
import { TestAuthority } from "../fakes/test-tls.ts";
import { linkConnection } from "./link-connection.ts";
import type { Verdict } from "./suite.ts";

export const runStepUp = async (): Promise<Verdict> => {
  const authority = new TestAuthority();
  const oauth = await OAuthServer.start(authority, { clients: { tester: { secret: "any" } } });
  const mcp = await ProtectedMcpServer.start(authority, (token) => oauth.introspect(token));
  mcp.protection.authorizationServers = [oauth.issuer];
  mcp.protection.scopes = ["basic"];
  mcp.protection.toolScopes = { write: ["write"] };
  const auth = { strategy: "oauth", clientId: "tester", clientSecret: { file: "secret" }, issuer: oauth.issuer };
  const connection = await linkConnection({ url: mcp.url, tls: { ca: authority.caPath }, auth }, { secret: "any" });
  const checks: [id: string, isPassed: boolean][] = [];
  try {
    const open = await connection.open();
    checks.push(["the handshake passes with the first scope", open.reason === null]);
    const simple = await connection.call("tools/call", { name: "whoami", arguments: {} });
    checks.push(["a call that needs no more passes", simple.reason === null]);
    const scopes = (): readonly (string | null)[] => oauth.granted.map(({ scope }) => scope);
    checks.push(["one token was asked for, for that scope", JSON.stringify(scopes()) === '["basic"]']);
    const wider = await connection.call("tools/call", { name: "write", arguments: {} });
    checks.push(["a call that needs more passes", wider.reason === null]);
    checks.push(["one more was asked for, for both scopes", JSON.stringify(scopes()) === '["basic","basic write"]']);
    mcp.protection.toolScopes = { write: ["write"], whoami: ["never granted"] };
    oauth.behaviour.outage = "500";
    const refused = await connection.call("tools/call", { name: "whoami", arguments: {} });
    checks.push(["a scope that cannot be had fails as one", refused.reason === "insufficient-scope"]);
    const closed = await connection.close();
    checks.push(["the session closes", closed.reason === null]);
  } finally {
    await Promise.all([oauth.close(), mcp.close()]);
    authority.close();
  }
  return {
    scenario: "scope step-up (our own)",
    revision: "2025-11-25",
    passed: checks.filter(([, isPassed]) => isPassed).length,
    failed: checks.filter(([, isPassed]) => !isPassed).map(([id]) => id),
  };
};
