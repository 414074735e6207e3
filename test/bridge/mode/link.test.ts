import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { LinkClient } from "../../link-client.ts";

const MAIN = new URL("../../../bridge/main.ts", import.meta.url).pathname;
/** What an issuer that hangs would hold the process for (auth/token.ts, `limitMs`), with room to be early. */
const BEFORE_THE_FETCH_ENDS_MS = 9_000;

const over: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of over.splice(0)) await end();
});

/** Takes connections and says nothing. */
const hanging = async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  over.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, connected: once(server, "connection") };
};

test(
  "a bridge whose issuer holds a token back leaves when it is told to",
  async () => {
    const issuer = await hanging();
    const folder = mkdtempSync(join(tmpdir(), "link-test-"));
    over.push(() => rmSync(folder, { recursive: true }));
    const auth = { strategy: "oauth", clientId: "a", clientSecret: { env: "A_SECRET" }, tokenEndpoint: issuer.url };
    const servers = { a: { url: (await hanging()).url, auth } };
    writeFileSync(join(folder, "loadtest.yaml"), JSON.stringify({ servers }));
    const link = await LinkClient.start({ bundle: MAIN, folder, environment: { A_SECRET: "not-so-secret" } });
    const opening = link.operate({ op: "open", session: 1, server: "a" }).catch(() => null);
    await issuer.connected;
    expect(await link.quit()).toBe(0);
    await opening;
  },
  BEFORE_THE_FETCH_ENDS_MS,
);
