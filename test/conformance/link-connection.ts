import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LinkClient, type LinkEnd } from "../link-client.ts";
import type { Connection, Ended } from "./connection.ts";

const BUNDLE = fileURLToPath(new URL("../../dist/bridge.cjs", import.meta.url));
const SESSION = { session: 1 };

/**
 * The bridge as it ships: its bundle, the link, and a `loadtest.yaml` with these settings for the one server.
 * @param files further files beside it, by name
 */
export const linkConnection = async (
  server: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Connection> => {
  const folder = await mkdtemp(join(tmpdir(), "conformance-client-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // JSON is YAML.
  await writeFile(join(folder, "loadtest.yaml"), JSON.stringify({ servers: { target: server } }));
  const link = await LinkClient.start({ bundle: BUNDLE, folder });
  return {
    open: async () => ended(await link.operate({ op: "open", ...SESSION, server: "target" })),
    call: async (method, params) => ended(await link.operate({ op: "call", ...SESSION, method, params })),
    close: async () => {
      const end = await link.operate({ op: "close", ...SESSION });
      const code = await link.quit();
      await rm(folder, { recursive: true });
      // Where there was nothing to tell the server, nothing was counted either.
      return code === 0 ? ended({ ...end, ok: end.ok || end.name === null }) : failed(`the bridge ended with ${code}`);
    },
  };
};

const ended = ({ ok, reason, detail, result }: LinkEnd): Ended => ({
  reason: ok ? null : (reason ?? "no reason"),
  detail: detail ?? "",
  result,
});

const failed = (detail: string): Ended => ({ reason: "bridge", detail, result: null });
