/** Key Vault through its official client: one client for each vault and credential, so that one challenge serves all. */

import { type KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import { AuthError } from "../auth-error.ts";
import type { Token } from "../token.ts";
import type { AzureSecret, SecretPlace } from "./azure.ts";
import type { AzureCredentialSettings } from "./credential-schema.ts";
import { microsoftResource } from "./microsoft-resources.ts";
import { vaultFailure } from "./vault-failure.ts";
import { isKnownVault } from "./vault-url.ts";
import type { Watched, Wire } from "./wire.ts";
import { within } from "./within.ts";

/** One secret, with the vault's own token before it. */
const SECRET_LIMIT_MS = 30_000;
/** A list has 25 names a page: 10,000 secrets are 400 requests. */
const LIST_LIMIT_MS = 120_000;
/** As many as `identities` takes. */
const MOST_NAMES = 10_000;

type TokenFor = (settings: AzureCredentialSettings, scope: string, tenantId: string | undefined) => Promise<Token>;

export class Vaults {
  readonly #wire: Wire;
  readonly #learn: (secret: string) => void;
  readonly #tokenFor: TokenFor;
  readonly #clients = new Map<string, SecretClient>();

  constructor(wire: Wire, learn: (secret: string) => void, tokenFor: TokenFor) {
    this.#wire = wire;
    this.#learn = learn;
    this.#tokenFor = tokenFor;
  }

  async secret(settings: AzureCredentialSettings, { vault, secret, version }: SecretPlace): Promise<AzureSecret> {
    const place = `${secret} in ${new URL(vault).host}`;
    const { value, properties } = await this.#ask(place, SECRET_LIMIT_MS, () =>
      this.#client(settings, vault).getSecret(secret, version === null ? {} : { version }),
    );
    if (value === undefined || value === "") throw new AuthError("AUTH_INVALID", { place, why: "the secret is empty" });
    this.#learn(value);
    return secretOf(value, properties);
  }

  async secretNames(settings: AzureCredentialSettings, vault: string, prefix: string): Promise<readonly string[]> {
    const place = `${prefix}* in ${new URL(vault).host}`;
    const names = await this.#ask(place, LIST_LIMIT_MS, async () => {
      const found: string[] = [];
      for await (const { name, enabled } of this.#client(settings, vault).listPropertiesOfSecrets()) {
        if (enabled !== false && name.startsWith(prefix)) found.push(name);
        if (found.length > MOST_NAMES) {
          throw new AuthError("AUTH_IDENTITIES", { place, why: `more than ${MOST_NAMES} secrets` });
        }
      }
      return found;
    });
    return names.sort();
  }

  async #ask<T>(place: string, limitMs: number, work: () => Promise<T>): Promise<T> {
    const watched: Watched = { sights: [], learn: this.#learn, beganMs: performance.now() };
    try {
      return await within(limitMs, this.#wire.watch(watched, work));
    } catch (error) {
      throw vaultFailure(error, watched.sights, place);
    }
  }

  #client(settings: AzureCredentialSettings, vault: string): SecretClient {
    const key = JSON.stringify([vault, Object.entries(settings).sort()]);
    const kept = this.#clients.get(key);
    if (kept !== undefined) return kept;
    const client = new SecretClient(vault, this.#credentialFor(settings, vault), {
      httpClient: this.#wire.httpClient,
      // Whoever asks for the secret tries again, and heeds a Retry-After without holding anybody up.
      retryOptions: { maxRetries: 0 },
      // A vault of a private cloud has a suffix that the client cannot know. The user wrote its address.
      disableChallengeResourceVerification: !isKnownVault(vault),
    });
    this.#clients.set(key, client);
    return client;
  }

  /** The vault's challenge names the scope: at an address that is not Microsoft's it may be anything but theirs. */
  #credentialFor(settings: AzureCredentialSettings, vault: string) {
    return {
      getToken: async (scopes: string | string[], { tenantId }: { tenantId?: string } = {}) => {
        const [scope = ""] = [scopes].flat();
        const opens = microsoftResource(scope);
        if (!isKnownVault(vault) && opens !== null && !/^Key Vault|^managed HSM/.test(opens)) {
          const why = `it asks for a token for ${opens}`;
          throw new AuthError("AUTH_UNTRUSTED", { place: new URL(vault).host, why });
        }
        const { value, livesMs } = await this.#tokenFor(settings, scope, tenantId);
        // The client counts in the clock of this machine; without a life it asks again each time.
        return { token: value, expiresOnTimestamp: Date.now() + (livesMs ?? 0) };
      },
    };
  }
}

const secretOf = (value: string, { version, expiresOn }: KeyVaultSecret["properties"]): AzureSecret => ({
  value,
  version: version ?? "",
  expiresAtMs: expiresOn?.getTime() ?? null,
});
