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

test("a session that came of asking is closed again, with the headers that opened it", async () => {
  const headers = { "mcp-session-id": "s1" };
  const web = new Web({ "https://mcp.test/mcp": { status: 200, headers } });
  await askUnauthorized(web.finder("https://mcp.test/mcp"));
  expect(web.asked.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  expect(web.asked[1]).toMatchObject({ limitMs: 2000, headers: { "mcp-session-id": "s1", "x-tenant": "t1" } });
  expect(web.asked[1]?.headers).not.toHaveProperty("authorization");
});

test("a server that wants no credential is not asked again for a minute", async () => {
  const web = new Web({ "https://mcp.test/mcp": { status: 200 } });
  const finder = web.finder("https://mcp.test/mcp");
  const first = await askUnauthorized(finder);
  web.elapsedMs = 59_999;
  expect(await askUnauthorized(finder)).toEqual(first);
  expect(web.asked).toHaveLength(1);
  web.elapsedMs = 60_000;
  web.pages["https://mcp.test/mcp"] = { status: 401 };
  expect(await askUnauthorized(finder)).toMatchObject({ status: 401 });
});

test.each([401, 403, 404, 500])("a server that answers %i is asked again", async (status) => {
  const web = new Web({ "https://mcp.test/mcp": { status } });
  const finder = web.finder("https://mcp.test/mcp");
  await askUnauthorized(finder);
  await askUnauthorized(finder);
  expect(web.asked).toHaveLength(2);
});
