import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FetchGate } from "../../../auth/fetch-gate.ts";
import { KeptToken } from "../../../auth/kept-token.ts";
import { FakeEntra } from "../../fakes/entra.ts";
import type { Faults } from "../../fakes/faulty-server.ts";
import { FakeWorld, settled } from "../fake-world.ts";
import { clientsWith, credential, forgetMachine, trustFakes } from "./azure-harness.ts";

let entra: FakeEntra;

beforeAll(() => {
  forgetMachine();
  trustFakes();
});
beforeEach(async () => {
  entra = new FakeEntra();
  entra.lifeSeconds = 20;
  await entra.start();
});
afterEach(() => entra.stop());

/** The keeper's time is moved by hand, and stands still while Azure's clients are on the wire. */
const keptToken = () => {
  const { azure } = clientsWith({
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  });
  const settings = credential({ use: "environment", authorityHost: entra.url });
  const world = new FakeWorld();
  const failures: string[] = [];
  let asked: Promise<unknown> = Promise.resolve();
  const token = new KeptToken({
    source: {
      fetch: () => {
        const fetched = azure.token(settings, "api://mcp/.default");
        asked = fetched.catch(() => undefined);
        return fetched;
      },
    },
    surroundings: {
      ...world,
      learn: () => undefined,
      report: (event) => {
        if (event.what !== "note" && event.failure !== null) failures.push(event.failure.code);
      },
    },
    gate: new FetchGate(32, world.after),
    phase: 0,
    name: "the token",
  });
  const advance = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await world.advance(250);
      await asked;
      await settled();
    }
  };
  return { token, failures, advance };
};

test.each<[string, Partial<Faults>, string]>([
  ["answers 503", { outage: 503 }, "AUTH_UNREACHABLE"],
  ["asks for an hour of quiet", { throttleSeconds: 3600 }, "AUTH_THROTTLED"],
])("an Entra that %s for a second just at a renewal costs no request its token", async (_, faults, code) => {
  const { token, failures, advance } = keptToken();
  const headers = new Set([await token.authorization()]);
  await advance(11_750);
  Object.assign(entra.server.faults, faults);
  await advance(1000); // 12 s, 60 % of the life, are among it
  Object.assign(entra.server.faults, { outage: null, throttleSeconds: null });
  for (let second = 0; second < 60; second++) {
    headers.add(await token.authorization());
    await advance(1000);
  }
  token.close();
  expect(new Set(failures)).toEqual(new Set([code]));
  // The next tokens come as if nothing had been: the first, then one each 12 s.
  expect(headers.size).toBeGreaterThanOrEqual(5);
  expect(headers).not.toContain(null);
});
