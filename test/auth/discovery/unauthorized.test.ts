import { expect, test } from "vitest";
import { askUnauthorized } from "../../../auth/discovery/unauthorized.ts";
import { Web } from "./web.ts";

test("the server is asked for a session with its own headers, without a credential, and its body is not waited for", async () => {
  const web = new Web({ "https://mcp.test/mcp": { status: 401, headers: { "www-authenticate": "Bearer scope=a" } } });
  expect(await askUnauthorized(web.finder("https://mcp.test/mcp"))).toEqual({
    status: 401,
    challenge: { scheme: "bearer", error: null, scope: "a", resourceMetadata: [] },
  });
  expect(web.asked).toHaveLength(1);
  const [question] = web.asked;
  expect(question).toMatchObject({ method: "POST", headersOnly: true, headers: { "x-tenant": "t1" } });
  expect(question?.headers).not.toHaveProperty("authorization");
  expect(JSON.parse(question?.body ?? "")).toMatchObject({ jsonrpc: "2.0", method: "initialize" });
});

test("a server that wants no credential has no challenge", async () => {
  const web = new Web({ "https://mcp.test/mcp": "event: message\n\n" });
  expect(await askUnauthorized(web.finder("https://mcp.test/mcp"))).toEqual({ status: 200, challenge: null });
});
