import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeManagedIdentity } from "../../fakes/managed-identity.ts";
import { clientsWith, credential, forgetMachine, refusal } from "./azure-harness.ts";

const SCOPE = "https://vault.azure.net/.default";

/**
 * What holds for each kind of managed identity. One kind a file: MSAL keeps the kind that it found first for as long as
 * the process lives, and every file is a process.
 */
export const managedIdentityTests = (
  variablesOf: (fake: FakeManagedIdentity) => Readonly<Record<string, string>>,
): void => {
  const fake = new FakeManagedIdentity();
  const { azure, learned } = clientsWith();

  beforeAll(async () => {
    forgetMachine();
    await fake.start();
    Object.assign(process.env, variablesOf(fake));
  });
  afterAll(() => fake.stop());

  test("brings a token, learned on the way", async () => {
    const token = await azure.token(credential({ use: "managed-identity" }), SCOPE);
    expect(token.value).toBe(fake.tokens[0]);
    expect(learned).toContain(token.value);
  });

  test.each([0, 600_000, -600_000])("a clock %i ms off does not touch the life", async (skewMs) => {
    fake.server.faults.skewMs = skewMs;
    const { livesMs } = await azure.token(credential({ use: "managed-identity" }), SCOPE);
    fake.server.faults.skewMs = 0;
    // Dates have whole seconds, so one may be missing.
    expect(livesMs).toBeGreaterThanOrEqual(3_599_000);
    expect(livesMs).toBeLessThan(3_610_000);
  });

  test.each([20, 3600, 86_400])(
    "is asked anew each time, also when the last token (%i s) would still do",
    async (life) => {
      fake.lifeSeconds = life;
      const before = fake.tokens.length;
      for (let time = 0; time < 3; time++) await azure.token(credential({ use: "managed-identity" }), SCOPE);
      expect(fake.tokens.length - before).toBe(3);
      fake.lifeSeconds = 3600;
    },
  );

  test("the identity is the one that is named", async () => {
    const own = credential({ use: "managed-identity", clientId: fake.clientId });
    expect((await azure.token(own, SCOPE)).value).toBe(fake.tokens.at(-1));
    expect(fake.server.asked.at(-1)?.url.searchParams.get("client_id")).toBe(fake.clientId);
  });

  test("an identity that the machine has not is a refusal, not a missing login", async () => {
    const own = credential({ use: "managed-identity", clientId: "nobody" });
    expect(await refusal(azure.token(own, SCOPE))).toMatchObject({
      code: "AUTH_REFUSED",
      detail: { status: 400, why: "HTTP 400 invalid_request" },
    });
  });

  test("a 429 tells its time, a 500 is an outage; neither is tried again here", async () => {
    const before = fake.server.asked.length;
    fake.server.faults.throttleSeconds = 5;
    expect(await refusal(azure.token(credential({ use: "managed-identity" }), SCOPE))).toMatchObject({
      code: "AUTH_THROTTLED",
      detail: { retryAfterMs: 5000 },
    });
    fake.server.faults.throttleSeconds = null;
    fake.server.faults.outage = 500;
    expect(await refusal(azure.token(credential({ use: "managed-identity" }), SCOPE))).toMatchObject({
      code: "AUTH_UNREACHABLE",
    });
    fake.server.faults.outage = null;
    expect(fake.server.asked.length - before).toBe(2);
  });

  test("auto finds it", async () => {
    expect((await azure.token(credential({ use: "auto" }), SCOPE)).value).toBe(fake.tokens.at(-1));
  });

  test("where nobody answers there is no login", async () => {
    await fake.stop();
    const error = await refusal(azure.token(credential({ use: "managed-identity" }), SCOPE));
    await fake.start();
    expect(error.code).toBe("AUTH_NO_LOGIN");
    expect(error.detail.why).toMatch(/^tried managed-identity; 127\.0\.0\.1:\d+: ECONNREFUSED$/);
  });
};
