/** The planes with the login of a machine: the real clients from the settings to the wire. */

import { beforeAll, expect, onTestFinished, test } from "vitest";
import { AuthError } from "../../../auth/auth-error.ts";
import { planesFor } from "../../../azure/plane/planes.ts";
import { credential, forgetMachine } from "../../auth/azure/azure-harness.ts";
import { FakeEntra } from "../../fakes/entra.ts";
import { type Answer, answered, fakeService, trustFakes } from "./plane-harness.ts";

const AUDIENCE = "https://cnt-prod.loadtesting.fake";

beforeAll(() => {
  forgetMachine();
  trustFakes();
});

const planesWith = async (answers: readonly Answer[]) => {
  const service = await fakeService(answers);
  const entra = new FakeEntra({ resources: [service.origin, AUDIENCE] });
  await entra.start();
  onTestFinished(() => entra.stop());
  const variables: Readonly<Record<string, string>> = {
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  };
  const learned: string[] = [];
  const asker = {
    lookup: (name: string) => variables[name],
    learn: (secret: string) => void learned.push(secret),
    folder: process.cwd(),
  };
  const settings = {
    cloud: { management: service.origin, audience: AUDIENCE, portal: "https://portal.fake" },
    credential: credential({ use: "environment", authorityHost: entra.url }),
  };
  const planes = await planesFor(settings, asker, { version: "1.2.3" });
  return { planes, service, learned, entra };
};

const resource = answered(200, {
  id: "/a",
  name: "mcp",
  location: "westeurope",
  properties: { dataPlaneURI: "guid.x", provisioningState: "Succeeded" },
});
const noTest = answered(404, { error: { code: "TestNotFound", message: "" } });

/** Whom a request's token is for. */
const audience = (authorization: string | undefined): string =>
  JSON.parse(Buffer.from(authorization?.split(".")[1] ?? "", "base64url").toString()).aud;

test("each plane has a token of its own audience, which the redactor knows, and both say for whom they ask", async () => {
  const { planes, service, learned, entra } = await planesWith([resource, noTest, noTest]);
  expect(await planes.control.loadTest("/subscriptions/a")).toMatchObject({ name: "mcp" });
  const data = planes.data(service.host);
  expect(await data.test("nightly")).toBeNull();
  expect(await planes.data(service.host).test("nightly")).toBeNull();
  const headers = service.asked.map((one) => one.headers);
  expect(headers.map(({ authorization }) => audience(authorization))).toEqual([service.origin, AUDIENCE, AUDIENCE]);
  expect(service.asked.map(({ url }) => url.searchParams.get("api-version"))).toEqual([
    "2022-12-01",
    "2026-04-01",
    "2026-04-01",
  ]);
  expect(new Set(headers.map((one) => one["x-ms-correlation-request-id"])).size).toBe(1);
  expect(headers[0]?.["user-agent"]).toMatch(/^swarmbridge\/1\.2\.3 /);
  expect(entra.tokenRequests).toBe(2);
  for (const token of entra.tokens) expect(learned).toContain(token);
});

test("a login that is refused is the login's error, before anything is sent to Azure", async () => {
  const { planes, service, entra } = await planesWith([resource]);
  entra.server.faults.outage = 401;
  const refusal = await planes.control.loadTest("/subscriptions/a").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AuthError);
  expect((refusal as AuthError).code).toBe("AUTH_REFUSED");
  expect(service.asked).toHaveLength(0);
});

test("a token that ends soon is renewed while work goes on", async () => {
  const { planes, service, entra } = await planesWith([noTest]);
  entra.lifeSeconds = 1;
  const data = planes.data(service.host);
  await data.test("nightly");
  await expect.poll(() => data.test("nightly").then(() => entra.tokenRequests), { timeout: 5000 }).toBeGreaterThan(1);
  const tokens = service.asked.map(({ headers }) => headers.authorization);
  expect(new Set(tokens).size).toBeGreaterThan(1);
});

test("a data plane that is no name of a host gets no token", async () => {
  const { planes } = await planesWith([]);
  expect(() => planes.data("evil.example/")).toThrow("Azure answered with something unexpected");
});
