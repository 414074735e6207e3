/** Key Vault's secrets: challenge authentication, versions, a list in pages, and its ways to say no. */

import { randomBytes } from "node:crypto";
import { claimsOf } from "./entra-token.ts";
import { type Answered, type Asked, FaultyServer } from "./faulty-server.ts";

export interface FakeSecret {
  readonly value: string;
  readonly version: string;
  readonly enabled: boolean;
  /** Seconds; null: no end. */
  readonly exp: number | null;
}

const PAGE = 25;

export class FakeKeyVault {
  readonly server = new FaultyServer("https", (asked) => this.#answer(asked));
  /** By name, the newest version last. */
  readonly secrets = new Map<string, FakeSecret[]>();
  /** Why whoever has a good token is refused all the same, or null. */
  forbidden: "ForbiddenByRbac" | "ForbiddenByFirewall" | "AccessDenied" | null = null;
  /** What its challenge asks a token for. */
  resource = "https://vault.azure.net";
  readonly #authority: () => string;

  /** @param authority URL of the tenant that gives tokens for it, asked for with each challenge */
  constructor(authority: () => string) {
    this.#authority = authority;
  }

  get url(): string {
    return this.server.url;
  }

  /** Requests that carried a token. */
  get reads(): number {
    return this.server.asked.filter(({ headers }) => headers.authorization !== undefined).length;
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Adds a version. @returns its name */
  put(name: string, value: string, { enabled = true, exp = null }: Partial<FakeSecret> = {}): string {
    const version = randomBytes(16).toString("hex");
    this.secrets.set(name, [...(this.secrets.get(name) ?? []), { value, version, enabled, exp }]);
    return version;
  }

  #answer({ url, headers, method }: Asked): Answered {
    const [room, name, version] = url.pathname.split("/").filter(Boolean);
    if (method !== "GET" || room !== "secrets") return refused(404, "NotFound");
    if (!/^\d{4}-\d\d-\d\d$|^7\.\d$/.test(url.searchParams.get("api-version") ?? ""))
      return refused(400, "BadParameter");
    const claims = claimsOf(headers.authorization?.replace(/^Bearer /, "") ?? "", this.server.nowMs());
    if (claims?.aud !== "https://vault.azure.net") {
      const challenge = `Bearer authorization="${this.#authority()}", resource="${this.resource}"`;
      return { ...refused(401, "Unauthorized"), headers: { "www-authenticate": challenge } };
    }
    if (this.forbidden !== null) return refused(403, "Forbidden", this.forbidden);
    return name === undefined ? this.#list(url) : this.#secret(name, version);
  }

  #secret(name: string, version: string | undefined): Answered {
    const versions = this.secrets.get(name) ?? [];
    const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version);
    if (found === undefined) return refused(404, "SecretNotFound");
    if (!found.enabled) return refused(403, "Forbidden", "SecretDisabled");
    return {
      status: 200,
      body: { value: found.value, id: `${this.url}/secrets/${name}/${found.version}`, attributes: attributesOf(found) },
    };
  }

  #list(url: URL): Answered {
    const skip = Number(url.searchParams.get("$skiptoken") ?? 0);
    const names = [...this.secrets.keys()].sort();
    const value = names.slice(skip, skip + PAGE).flatMap((name) => {
      const newest = this.secrets.get(name)?.at(-1);
      return newest === undefined ? [] : [{ id: `${this.url}/secrets/${name}`, attributes: attributesOf(newest) }];
    });
    const next = `${this.url}/secrets?api-version=${url.searchParams.get("api-version")}&$skiptoken=${skip + PAGE}`;
    return { status: 200, body: { value, nextLink: skip + PAGE < names.length ? next : null } };
  }
}

const attributesOf = ({ enabled, exp }: FakeSecret) => ({
  enabled,
  created: 1_700_000_000,
  updated: 1_700_000_000,
  recoveryLevel: "Recoverable",
  ...(exp === null ? {} : { exp }),
});

const refused = (status: number, code: string, inner?: string): Answered => ({
  status,
  body: {
    error: {
      code,
      message: "prose about internal-tenant-name",
      ...(inner === undefined ? {} : { innererror: { code: inner } }),
    },
  },
});
