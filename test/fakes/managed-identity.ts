/** The token endpoints inside Azure: IMDS of a virtual machine (and of a load-testing engine), and that of App Service. */

import { randomUUID } from "node:crypto";
import { mint } from "./entra-token.ts";
import { type Answered, type Asked, FaultyServer } from "./faulty-server.ts";

export class FakeManagedIdentity {
  readonly clientId: string = randomUUID();
  /** What App Service puts into IDENTITY_HEADER. */
  readonly identityHeader: string = randomUUID();
  readonly server = new FaultyServer("http", (asked) => this.#answer(asked));
  lifeSeconds = 3600;
  /** Whether there is an identity when the caller names none. */
  hasSystemIdentity = true;
  readonly tokens: string[] = [];

  get url(): string {
    return this.server.url;
  }

  /** Environment of a machine whose IMDS this is. */
  get imdsVariables(): Readonly<Record<string, string>> {
    return { AZURE_POD_IDENTITY_AUTHORITY_HOST: this.url };
  }

  /** Environment of an App Service. */
  get appServiceVariables(): Readonly<Record<string, string>> {
    return { IDENTITY_ENDPOINT: `${this.url}/msi/token`, IDENTITY_HEADER: this.identityHeader };
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  #answer({ url, headers }: Asked): Answered {
    const path = url.pathname.replace(/\/$/, "");
    const version = url.searchParams.get("api-version");
    if (path === "/metadata/identity/oauth2/token") {
      if (headers.metadata !== "true" || version !== "2018-02-01") return refused("bad_request_102");
      return this.#issued(url.searchParams, true);
    }
    if (path === "/msi/token") {
      if (headers["x-identity-header"] !== this.identityHeader || version !== "2019-08-01")
        return refused("unauthorized");
      return this.#issued(url.searchParams, false);
    }
    return { status: 404, body: { error: "not_found" } };
  }

  #issued(query: URLSearchParams, isImds: boolean): Answered {
    const resource = query.get("resource");
    const named = query.get("client_id");
    if (resource === null) return refused("invalid_resource");
    if (named === null ? !this.hasSystemIdentity : named !== this.clientId) return refused("invalid_request");
    const iat = Math.floor(this.server.nowMs() / 1000);
    const exp = iat + this.lifeSeconds;
    const token = mint({ aud: resource, iss: "https://sts.windows.net/t/", tid: "t", appid: this.clientId, iat, exp });
    this.tokens.push(token);
    const common = { access_token: token, expires_on: String(exp), resource, token_type: "Bearer" };
    if (!isImds) return { status: 200, body: { ...common, client_id: this.clientId } };
    const life = String(this.lifeSeconds);
    return { status: 200, body: { ...common, expires_in: life, ext_expires_in: life, not_before: String(iat - 300) } };
  }
}

const refused = (error: string): Answered => ({
  status: 400,
  body: { error, error_description: "prose about internal-tenant-name" },
});
