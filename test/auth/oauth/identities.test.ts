import { expect, onTestFinished, test } from "vitest";
import { createCredentials } from "../../../auth/credentials.ts";
import { FakeWorld, surroundingsIn } from "../fake-world.ts";
import { protectedSetting, settingsOf, statusWith } from "./protected-setting.ts";

const CLIENTS = 25;
const names = Array.from({ length: CLIENTS }, (_, index) => `client-${index}`);

const after = (ms: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, ms).unref();
  return () => clearTimeout(timer);
};

test("each identity of a list gets its own token with one request, and all find out about the server once", async () => {
  const clients = Object.fromEntries(names.map((name) => [name, { secret: `secret of ${name}` }]));
  const setting = await protectedSetting({ clients });
  const rows = names.map((name, index) => `${name},SECRET_${index}`);
  const files = new FakeWorld({ "clients.csv": ["clientId,clientSecret.env", ...rows].join("\n") });
  const env = Object.fromEntries(names.map((name, index) => [`SECRET_${index}`, `secret of ${name}`]));
  const credentials = createCredentials(
    settingsOf({ issuer: setting.oauth.issuer, identities: { csv: "clients.csv" } }),
    surroundingsIn(files, {
      ...setting.surroundings,
      readFile: files.readFile,
      monotonicMs: () => performance.now(),
      after,
      lookup: (name) => env[name],
    }),
  );
  onTestFinished(() => credentials.close());
  // Twice as many users as identities: they share them in turn.
  const headers = await Promise.all(
    Array.from({ length: 2 * CLIENTS }, (_, user) => Promise.resolve(credentials.of(user).authorization())),
  );
  expect(setting.oauth.counts).toMatchObject({ token: CLIENTS, issued: CLIENTS, metadata: 1 });
  expect(setting.mcp.counts).toMatchObject({ absent: 1, metadata: 1 });
  expect(new Set(headers).size).toBe(CLIENTS);
  for (const [user, header] of headers.entries()) {
    const token = header?.replace("Bearer ", "") ?? "";
    expect(setting.oauth.introspect(token)?.clientId).toBe(names[user % CLIENTS]);
  }
  expect(await statusWith(setting, headers[0]?.replace("Bearer ", ""))).toBe(200);
});

test("a thousand users of one identity ask for one token", async () => {
  const setting = await protectedSetting();
  const settings = settingsOf({
    clientId: "load-test",
    clientSecret: { env: "OAUTH_CLIENT_SECRET" },
    issuer: setting.oauth.issuer,
  });
  const surroundings = { ...setting.surroundings, monotonicMs: () => performance.now(), after };
  const credentials = createCredentials(settings, surroundings);
  onTestFinished(() => credentials.close());
  const users = Array.from({ length: 1000 }, (_, user) => credentials.of(user));
  const headers = await Promise.all(users.map((credential) => Promise.resolve(credential.authorization())));
  expect(new Set(headers).size).toBe(1);
  expect(setting.oauth.counts.token).toBe(1);
});
