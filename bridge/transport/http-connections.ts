import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import { buildConnector, Client, type Dispatcher, Pool } from "undici";
import { errorCode } from "../../config/environment.ts";
import type { ServerSettings } from "../../config/settings.ts";
import type { ConnectionCount } from "./connection-count.ts";
import { paced } from "./paced-connector.ts";
import { throughProxy } from "./proxy-tunnel.ts";

/** Think times are minutes at most; a connection should outlive them, as an agent's own does. */
const KEEP_ALIVE_MS = 600_000;
const MAX_HEADER_BYTES = 65_536;
/** What a server of HTTP/2 should allow at least (RFC 9113, section 6.5.2); more at once open another connection. */
const STREAMS_PER_CONNECTION = 100;

/** The connections that one session uses. */
export interface Lease {
  readonly dispatcher: Dispatcher;
  /** The session is over: connections of its own are closed, what is still under way on them ends as `cancelled`. */
  release(): void;
}

/**
 * The connections to one server: shared by all its sessions, as many as there are requests under way, or each session's
 * own. One request at a time on a connection, or, where the server speaks HTTP/2 and it is wanted, a hundred. All time
 * limits but that of connecting are kept by whoever sends, so undici has none.
 */
export class HttpConnections {
  readonly #settings: ServerSettings;
  readonly #connect: buildConnector.connector;
  #shared: Pool | null = null;
  readonly #own = new Set<Pool>();
  /** Null until the first connection has said it. */
  #isH2: boolean | null = null;

  /** @throws {Error} when a PEM file cannot be read, or holds none */
  constructor(settings: ServerSettings, count: ConnectionCount) {
    this.#settings = settings;
    this.#connect = count.counted(paced(connector(settings)));
  }

  lease(): Lease {
    if (this.#settings.connections.pool === "shared") {
      this.#shared ??= this.#newPool();
      return { dispatcher: this.#shared, release: () => undefined };
    }
    const pool = this.#newPool();
    this.#own.add(pool);
    return {
      dispatcher: pool,
      release: () => {
        if (this.#own.delete(pool)) void pool.destroy();
      },
    };
  }

  /** Sessions are closed before; what is still under way ends as `cancelled`. */
  async close(): Promise<void> {
    const pools = [...this.#own, ...(this.#shared === null ? [] : [this.#shared])];
    this.#own.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #newPool(): Pool {
    const { url, connections } = this.#settings;
    return new Pool(new URL(url).origin, {
      connections: null,
      pipelining: 1,
      allowH2: connections.http2,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: this.#connect,
      ...(connections.http2 && { factory: (origin: URL, options: object) => this.#multiplexing(origin, options) }),
    });
  }

  /**
   * A connection that takes as many requests at once as its protocol can: known only when it is there. Until the first one
   * is, each request under way gets its own: on a server of HTTP/1.1 they would stand in line otherwise.
   */
  #multiplexing(origin: URL, options: Client.Options): Client {
    let isH2 = false;
    const client = new Client(origin, {
      ...options,
      pipelining: this.#isH2 ? STREAMS_PER_CONNECTION : 1,
      connect: (target, callback) =>
        this.#connect(target, (...[error, socket]) => {
          isH2 = socket !== null && "alpnProtocol" in socket && socket.alpnProtocol === "h2";
          if (error === null) callback(null, socket);
          else callback(error, null);
        }),
    });
    client.on("connect", () => {
      this.#isH2 = isH2;
      client.pipelining = isH2 ? STREAMS_PER_CONNECTION : 1;
    });
    // The pool has let go of it. After a GOAWAY undici would connect again for requests that have failed already, and keep
    // that connection for ever.
    client.on("connectionError", (_origin, _targets, error) => void client.destroy(error));
    return client;
  }
}

const connector = (settings: ServerSettings): buildConnector.connector => {
  const { connections, limits, tls } = settings;
  const family = FAMILIES[connections.family];
  const direct = buildConnector({
    allowH2: connections.http2,
    timeout: limits.connectMs,
    // One for all connections: made anew for each it would read the certificates each time.
    secureContext: secureContext(tls),
    ...(family !== 0 && { family, autoSelectFamily: false }),
  });
  if (connections.proxy === null) return direct;
  return throughProxy({ proxy: new URL(connections.proxy), limitMs: limits.connectMs, family, withTls: direct });
};

/** In Node's words. */
const FAMILIES = { any: 0, ipv4: 4, ipv6: 6 } as const;

const secureContext = (files: ServerSettings["tls"]): SecureContext => {
  try {
    return createSecureContext(pem(files));
  } catch (cause) {
    throw new Error(`the files of tls cannot be used (${errorCode(cause)})`, { cause });
  }
};

const pem = (files: ServerSettings["tls"]): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).map(([name, path]) => [name, readFileSync(path)]));
