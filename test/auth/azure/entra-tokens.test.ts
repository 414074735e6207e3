import { inspect } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeEntra } from "../../fakes/entra.ts";
import { clientsWith, credential, forgetMachine, refusal, trustFakes } from "./azure-harness.ts";

const SCOPE = "api://mcp/.default";

let entra: FakeEntra;

beforeAll(() => {
  forgetMachine();
  trustFakes();
});
beforeEach(async () => {
  entra = new FakeEntra();
  await entra.start();
});
afterEach(() => entra.stop());

const withSecret = (over: Record<string, string> = {}, requestLimitMs?: number) => {
  const ids = { AZURE_TENANT_ID: entra.tenantId, AZURE_CLIENT_ID: entra.clientId };
  return clientsWith({ ...ids, AZURE_CLIENT_SECRET: entra.clientSecret, ...over }, requestLimitMs);
};
const within = (ms: number, livesMs: number | null) => livesMs !== null && livesMs >= ms && livesMs < ms + 10_000;
const settings = () => credential({ use: "environment", authorityHost: entra.url });

describe("a client secret out of the variables", () => {
  test("brings a token, and all secrets on the way are learned", async () => {
    const { azure, learned } = withSecret();
    const token = await azure.token(settings(), SCOPE);
    expect(token.value).toBe(entra.tokens[0]);
    expect(learned).toEqual(expect.arrayContaining([entra.clientSecret, token.value]));
  });

  test.each([0, 600_000, -600_000])(
    "gives a life that the issuer's clock (%i ms off) does not touch",
    async (skewMs) => {
      entra.server.faults.skewMs = skewMs;
      const { azure } = withSecret();
      // Longer by the time that went by before the token itself was asked for.
      expect(within(3_600_000, (await azure.token(settings(), SCOPE)).livesMs)).toBe(true);
    },
  );

  test.each([20, 3600, 86_400])("asks anew each time, also when the last token (%i s) would still do", async (life) => {
    entra.lifeSeconds = life;
    const { azure } = withSecret();
    const values = [];
    for (let time = 0; time < 3; time++) values.push((await azure.token(settings(), SCOPE)).value);
    expect(values).toEqual(entra.tokens);
    expect(new Set(values).size).toBe(3);
  });

  test("counts the life from the asking, not from the answer", async () => {
    entra.server.faults.delayMs = 300;
    entra.lifeSeconds = 20;
    const { azure } = withSecret();
    await azure.token(settings(), SCOPE);
    const askedMs = performance.now();
    const { livesMs } = await azure.token(settings(), SCOPE);
    expect(performance.now() - askedMs).toBeGreaterThan(290);
    expect(livesMs).toBeGreaterThanOrEqual(20_000);
    expect(livesMs).toBeLessThan(20_290);
  });

  test("50 at once get 50 tokens with their right lives", async () => {
    const { azure } = withSecret();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => azure.token(settings(), SCOPE)));
    for (const { livesMs } of tokens) expect(livesMs).toBeGreaterThanOrEqual(3_600_000);
  });
});

test("auto finds the same variables, also those that are in .env only", async () => {
  const { azure } = withSecret();
  const token = await azure.token(credential({ use: "auto", authorityHost: entra.url }), SCOPE);
  expect(token.value).toBe(entra.tokens[0]);
});

test("in a list the next one is tried when one is not there", async () => {
  const { azure } = withSecret();
  const own = credential({ use: ["workload-identity", "environment"], authorityHost: entra.url });
  expect((await azure.token(own, SCOPE)).value).toBe(entra.tokens[0]);
});

describe("what went wrong is told by what was on the wire", () => {
  test.each([
    ["a wrong secret", () => ({ AZURE_CLIENT_SECRET: "hunter2" }), "HTTP 401 invalid_client AADSTS7000215"],
    ["an unknown client", () => ({ AZURE_CLIENT_ID: "nobody" }), "HTTP 400 unauthorized_client AADSTS700016"],
    ["an unknown tenant", () => ({ AZURE_TENANT_ID: "elsewhere" }), "HTTP 400 invalid_tenant AADSTS90002"],
  ])("%s", async (_, over, why) => {
    const error = await refusal(withSecret(over()).azure.token(settings(), SCOPE));
    expect(error).toMatchObject({ code: "AUTH_REFUSED", detail: { why } });
    expect(error.sentence).toContain(entra.url);
  });

  test("an unknown resource", async () => {
    const error = await refusal(withSecret().azure.token(settings(), "api://other/.default"));
    expect(error).toMatchObject({ code: "AUTH_REFUSED", detail: { why: "HTTP 400 invalid_resource AADSTS500011" } });
  });

  test.each([
    ["reset", "AUTH_UNREACHABLE", "ECONNRESET"],
    [500, "AUTH_UNREACHABLE", "HTTP 500 server_error"],
    ["html", "AUTH_UNREACHABLE", "HTTP 502"],
  ] as const)("%s", async (outage, code, why) => {
    const { azure } = withSecret();
    await azure.token(settings(), SCOPE);
    entra.server.faults.outage = outage;
    const before = entra.tokenRequests;
    expect(await refusal(azure.token(settings(), SCOPE))).toMatchObject({ code, detail: { why } });
    expect(entra.tokenRequests - before).toBe(1);
  });

  test("a 429, with the time that it asks for, which nobody waits", async () => {
    entra.server.faults.throttleSeconds = 30;
    const error = await refusal(withSecret().azure.token(settings(), SCOPE));
    expect(error).toMatchObject({ code: "AUTH_THROTTLED", detail: { status: 429, retryAfterMs: 30_000 } });
  });

  test("a token endpoint that hangs, for as long as a request may take", async () => {
    const { azure } = withSecret({}, 300);
    entra.server.faults.outage = "hang";
    expect(await refusal(azure.token(settings(), SCOPE))).toMatchObject({
      code: "AUTH_UNREACHABLE",
      detail: { why: "no answer within 0.3 s" },
    });
  });

  test("an answer without end", async () => {
    entra.server.faults.outage = "flood";
    expect(await refusal(withSecret().azure.token(settings(), SCOPE))).toMatchObject({
      code: "AUTH_UNREACHABLE",
      detail: { why: "the answer is too large" },
    });
  });

  test("a redirect, which is not followed: the secret stays", async () => {
    const elsewhere = new FakeEntra({ tenantId: entra.tenantId });
    await elsewhere.start();
    const { azure } = withSecret();
    await azure.token(settings(), SCOPE);
    entra.server.faults.redirect = `${elsewhere.url}/${entra.tenantId}/oauth2/v2.0/token`;
    const error = await refusal(azure.token(settings(), SCOPE));
    await elsewhere.stop();
    expect(error).toMatchObject({ code: "AUTH_INVALID", detail: { why: "HTTP 307 without a token" } });
    expect(elsewhere.server.asked).toEqual([]);
  });

  test("nobody at the address", async () => {
    const own = settings();
    await entra.stop();
    expect(await refusal(withSecret().azure.token(own, SCOPE))).toMatchObject({
      code: "AUTH_UNREACHABLE",
      detail: { why: "ECONNREFUSED" },
    });
    await entra.start();
  });

  test.each([
    ["a token of another type", { token_type: "mac" }, "not a bearer token"],
    ["a token that had ended", { expires_in: 0 }, "the token had already ended"],
    ["no token", { access_token: undefined }, "HTTP 200 without a token"],
  ])("%s", async (_, bent, why) => {
    entra.bent = bent;
    const error = await refusal(withSecret().azure.token(settings(), SCOPE));
    expect(error).toMatchObject({ code: "AUTH_INVALID", detail: { why } });
  });

  test("a life that nobody told is unknown, not over", async () => {
    entra.bent = { expires_in: undefined };
    expect((await withSecret().azure.token(settings(), SCOPE)).livesMs).toBeNull();
  });

  test("no login at all names what was tried and what to run", async () => {
    const own = credential({ use: ["workload-identity", "azure-cli"], authorityHost: entra.url });
    process.env.PATH = "/nowhere";
    const error = await refusal(clientsWith().azure.token(own, SCOPE));
    expect(error.code).toBe("AUTH_NO_LOGIN");
    expect(error.detail.why).toBe("tried workload-identity, azure-cli; run: az login");
  });

  test("no secret and none of the issuer's prose is in an error", async () => {
    entra.server.faults.throttleSeconds = null;
    const error = await refusal(withSecret({ AZURE_CLIENT_SECRET: "hunter2" }).azure.token(settings(), SCOPE));
    const { cause: _, ...shown } = error;
    const text = inspect(shown, { depth: null }) + error.sentence + error.message;
    expect(text).not.toMatch(/hunter2|internal-tenant-name/);
  });
});
