import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sharedAzure } from "../../../auth/azure/shared-azure.ts";
import { guardedHttp } from "../../../auth/http/guarded-http.ts";
import { entra as strategy } from "../../../auth/strategy/entra.ts";
import type { AuthEvent } from "../../../auth/world.ts";
import { FakeEntra } from "../../fakes/entra.ts";
import { type Answered, FaultyServer } from "../../fakes/faulty-server.ts";
import { forgetMachine, refusal, trustFakes } from "../azure/azure-harness.ts";
import { FakeWorld, surroundingsIn } from "../fake-world.ts";

/** The resource that a server on this machine may ask for by itself. */
const OWN = "https://127.0.0.1";

let entra: FakeEntra;
let server: FaultyServer;
/** What the MCP server under test says of itself. */
let said: { status: number; scope?: string; metadata: Record<string, unknown> | null };

beforeAll(() => {
  forgetMachine();
  trustFakes();
});
beforeEach(async () => {
  entra = new FakeEntra({ resources: [OWN, "499b84ac-1321-427f-aa17-267ca6975798"] });
  server = new FaultyServer("http", ({ url }) => answer(url));
  await Promise.all([entra.start(), server.start()]);
  said = { status: 401, metadata: { authorization_servers: [`${entra.url}/${entra.tenantId}/v2.0`] } };
});
afterEach(() => Promise.all([entra.stop(), server.stop()]));

const answer = ({ pathname }: URL): Answered => {
  if (pathname === "/mcp") {
    const scope = said.scope === undefined ? "" : `, scope="${said.scope}"`;
    return { status: said.status, headers: { "www-authenticate": `Bearer realm="x"${scope}` } };
  }
  if (said.metadata === null) return { status: 404 };
  return { status: 200, body: { resource: `${server.url}/mcp`, ...said.metadata } };
};

const sourceWith = (own: Record<string, unknown> = {}) => {
  const events: AuthEvent[] = [];
  const variables: Record<string, string> = {
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  };
  const surroundings = surroundingsIn(new FakeWorld(), {
    azure: sharedAzure,
    http: (question) => guardedHttp(question),
    lookup: (name) => variables[name],
    server: { name: "s", url: `${server.url}/mcp`, headers: {}, tls: {} },
    report: (event) => events.push(event),
  });
  const credential = { use: "environment", authorityHost: entra.url, instanceDiscovery: false };
  const settings = strategy.schema.parse({ strategy: "entra", credential, ...own });
  return { source: strategy.source(settings, surroundings), events, settings, surroundings };
};
const audience = (token: string | undefined) =>
  JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString()).aud;

test("a scope that is given is asked for, and the server is not", async () => {
  const { source, events } = sourceWith({ scope: "499b84ac-1321-427f-aa17-267ca6975798/.default" });
  const token = await source.fetch(null);
  expect(audience(token?.value)).toBe("499b84ac-1321-427f-aa17-267ca6975798");
  expect(server.asked).toEqual([]);
  expect(events).toEqual([]);
});

describe("a scope that is found", () => {
  test.each([
    ["the challenge", () => ({ ...said, scope: `${OWN}/tools.read` })],
    [
      "the metadata",
      () => ({ ...said, metadata: { ...said.metadata, scopes_supported: ["openid", `${OWN}/tools.read`] } }),
    ],
    [
      "both, the challenge first",
      () => ({
        ...said,
        scope: `${OWN}/.default`,
        metadata: { ...said.metadata, scopes_supported: ["api://other/read"] },
      }),
    ],
  ])("in %s brings a token for its resource, and is said once, to be pinned", async (_, says) => {
    said = says();
    const { source, events } = sourceWith();
    expect(audience((await source.fetch(null))?.value)).toBe(OWN);
    expect(events).toEqual([{ what: "note", text: expect.stringContaining(`scope: ${OWN}/.default`) }]);
  });

  test("is found once: a server that changes its mind is not followed", async () => {
    said.scope = `${OWN}/read`;
    const { source, events } = sourceWith();
    await source.fetch(null);
    said.scope = "https://vault.azure.net/.default";
    const probes = server.asked.length;
    expect(audience((await source.fetch({ token: "x", challenge: null }))?.value)).toBe(OWN);
    expect(server.asked.length).toBe(probes);
    expect(events.length).toBe(1);
  });
});

test("20 identities find the scope with one question, and one that failed is asked again", async () => {
  said = { ...said, scope: `${OWN}/read`, status: 503 };
  const { settings, surroundings } = sourceWith();
  const sources = Array.from({ length: 20 }, () => strategy.source(settings, surroundings));
  const fetchAll = () => Promise.allSettled(sources.map((source) => source.fetch(null)));
  expect((await fetchAll()).every(({ status }) => status === "rejected")).toBe(true);
  expect(server.asked.length).toBe(1);
  said.status = 401;
  expect((await fetchAll()).every(({ status }) => status === "fulfilled")).toBe(true);
  expect(server.asked.filter(({ url }) => url.pathname === "/mcp").length).toBe(2);
});

describe("no token is asked for when", () => {
  const refused = async (code: string, why: RegExp | string) => {
    const error = await refusal(sourceWith().source.fetch(null));
    expect(error.code).toBe(code);
    expect(error.detail.why).toMatch(why);
    expect(error.detail.why).toMatch(/give scope|pin it: scope: /);
    expect(entra.tokenRequests).toBe(0);
  };

  test.each([
    "https://management.azure.com/.default",
    "https://management.core.windows.net//.default",
    "https://graph.microsoft.com/Mail.Read",
    "https://my.vault.azure.net/.default",
    "https://storage.azure.com/user_impersonation",
    "00000003-0000-0000-c000-000000000000/.default",
    "api://00000003-0000-0000-c000-000000000000/x",
    "CFA8B339-82A2-471A-A3C9-0FC0BE7A4093/.default",
    "499b84ac-1321-427f-aa17-267ca6975798/.default",
  ])("the server asks for %s, which is Microsoft's", async (scope) => {
    said.scope = scope;
    await refused("AUTH_UNTRUSTED", /asks for a token for /);
  });

  test.each([
    "https://payroll.example",
    "https://127.0.0.1.payroll.example",
    "api://payroll",
    "api://127.0.0.1",
    "7c3ec4ef-0ab1-4b1c-9a0a-d3a2a5d6b1f0",
  ])("it asks for %s, which may be another's, and says how to allow it", async (resource) => {
    said.scope = `${resource}/read`;
    await refused("AUTH_UNTRUSTED", `if it is, pin it: scope: ${resource}/.default`);
  });

  test("none of its authorization servers is Entra", async () => {
    said = {
      ...said,
      scope: "api://mcp/read",
      metadata: { authorization_servers: ["https://login.microsoftonline.com.evil.example/t"] },
    };
    await refused("AUTH_UNTRUSTED", "none of its authorization servers");
  });

  test("it names two resources", async () => {
    said.metadata = { ...said.metadata, scopes_supported: ["api://mcp/read", "api://other/read"] };
    await refused("AUTH_UNDISCOVERED", "more than one resource");
  });

  test.each([undefined, "openid profile", "read", "read/write"])("its scope (%j) names no resource", async (scope) => {
    said = scope === undefined ? said : { ...said, scope };
    await refused("AUTH_UNDISCOVERED", "no resource of Entra");
  });

  test("it publishes nothing", async () => {
    said = { ...said, scope: "api://mcp/read", metadata: null };
    await refused("AUTH_UNDISCOVERED", "no protected resource metadata");
  });

  test("it wants no credential", async () => {
    said.status = 200;
    await refused("AUTH_UNDISCOVERED", "HTTP 200 instead of 401");
  });
});

test.each(["read", "https://mcp.example", "a b/.default"])("the scope %j is refused in the settings", (scope) => {
  expect(strategy.schema.safeParse({ strategy: "entra", scope }).success).toBe(false);
});
