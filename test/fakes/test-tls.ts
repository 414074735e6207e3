import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer, type Server as PlainServer, type RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateAuthority, type Identity, issuedBy } from "../bridge/test-certificates.ts";

/** A certificate authority of one test, its certificate in a file as `tls.ca` wants it. */
export class TestAuthority {
  readonly #authority: Identity = certificateAuthority("swarmbridge test CA");
  readonly #folder = mkdtempSync(join(tmpdir(), "swarmbridge-ca-"));
  readonly caPath = join(this.#folder, "ca.pem");

  constructor() {
    writeFileSync(this.caPath, this.#authority.certPem);
  }

  /** An HTTPS server on a free port of 127.0.0.1. */
  async serve(name: string, listener: RequestListener): Promise<HttpsServer> {
    const { keyPem, certPem } = issuedBy(this.#authority, name);
    return listening(createServer({ key: keyPem, cert: certPem }, listener), "https");
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** In the place of an authority: a server without TLS, as it is allowed on this machine. */
export const withoutTls: Pick<TestAuthority, "serve"> = {
  serve: (_name, listener) => listening(createPlainServer(listener), "http"),
};

const listening = async (server: Server | PlainServer, scheme: "http" | "https"): Promise<HttpsServer> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return new HttpsServer(server, scheme);
};

export class HttpsServer {
  readonly #server: Server | PlainServer;
  readonly port: number;
  readonly origin: string;
  constructor(server: Server | PlainServer, scheme: "http" | "https" = "https") {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.origin = `${scheme}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
