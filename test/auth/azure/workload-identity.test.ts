import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeEntra } from "../../fakes/entra.ts";
import { clientsWith, credential, forgetMachine, refusal, trustFakes } from "./azure-harness.ts";

const SCOPE = "api://mcp/.default";
const ASSERTION = "federated.token.of-the-cluster";
const folder = mkdtempSync(join(tmpdir(), "workload-"));
const file = join(folder, "token");
const entra = new FakeEntra({ federatedToken: ASSERTION });

beforeAll(async () => {
  forgetMachine();
  trustFakes();
  await entra.start();
  writeFileSync(file, ASSERTION);
  process.env.AZURE_TENANT_ID = entra.tenantId;
  process.env.AZURE_CLIENT_ID = entra.clientId;
  process.env.AZURE_FEDERATED_TOKEN_FILE = file;
});
afterAll(async () => {
  await entra.stop();
  rmSync(folder, { recursive: true });
});

const own = () => credential({ use: "workload-identity", authorityHost: entra.url });

test.each([0, 600_000, -600_000])(
  "the cluster's token brings one, whose life a clock %i ms off does not touch",
  async (ms) => {
    entra.server.faults.skewMs = ms;
    const { azure, learned } = clientsWith();
    const { value, livesMs } = await azure.token(own(), SCOPE);
    entra.server.faults.skewMs = 0;
    expect(value).toBe(entra.tokens.at(-1));
    expect(livesMs).toBeGreaterThanOrEqual(3_600_000);
    expect(livesMs).toBeLessThan(3_610_000);
    expect(learned).toContain(ASSERTION);
  },
);

test("an assertion that Entra does not take is refused by its code", async () => {
  writeFileSync(file, "another.one.altogether");
  expect(await refusal(clientsWith().azure.token(own(), SCOPE))).toMatchObject({
    code: "AUTH_REFUSED",
    detail: { why: "HTTP 401 invalid_client AADSTS700027" },
  });
});

test("a file that is gone is a login that is not there", async () => {
  rmSync(file);
  const error = await refusal(clientsWith().azure.token(own(), SCOPE));
  expect(error).toMatchObject({ code: "AUTH_NO_LOGIN", detail: { why: "tried workload-identity" } });
});
