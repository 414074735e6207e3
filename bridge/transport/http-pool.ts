import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { errorCode } from "../../config/environment.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { paced } from "./paced-connector.ts";

/** Think times are minutes at most; a connection should outlive them, as an agent's own does. */
const KEEP_ALIVE_MS = 600_000;
const MAX_HEADER_BYTES = 65_536;

/**
 * The connections to one server, shared by all its sessions: as many as there are requests under way, HTTP/1.1, one
 * request at a time on each. All time limits but that of connecting are kept by whoever sends, so undici has none.
 * @throws {Error} when a PEM file cannot be read, or holds none
 */
export const createHttpPool = (settings: ServerSettings): Dispatcher =>
  new Pool(new URL(settings.url).origin, {
    connections: null,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: paced(connector(settings)),
  });

const connector = ({ limits, tls }: ServerSettings): buildConnector.connector =>
  buildConnector({
    allowH2: false,
    timeout: limits.connectMs,
    // One for all connections: made anew for each it would read the certificates each time.
    secureContext: secureContext(tls),
  });

const secureContext = (files: ServerSettings["tls"]): SecureContext => {
  try {
    return createSecureContext(pem(files));
  } catch (cause) {
    throw new Error(`the files of tls cannot be used (${errorCode(cause)})`, { cause });
  }
};

const pem = (files: ServerSettings["tls"]): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).map(([name, path]) => [name, readFileSync(path)]));
