/** `Azure` with the official clients: one credential for each distinct `credential` key, one client for each vault. */

import { AuthError } from "../auth-error.ts";
import { headerToken } from "../header-token.ts";
import type { Token } from "../token.ts";
import type { Surroundings } from "../world.ts";
import type { Azure, AzureSecret, SecretPlace } from "./azure.ts";
import { azureCredential, type TokenCredential, triedBy } from "./azure-credential.ts";
import { tokenFailure } from "./azure-failure.ts";
import type { AzureCredentialSettings } from "./credential-schema.ts";
import { Vaults } from "./vaults.ts";
import { type Watched, Wire } from "./wire.ts";
import { within } from "./within.ts";

/** All of one operation: the programs of a chain may each take some seconds. */
export const AZURE_LIMIT_MS = 30_000;

type Asker = Pick<Surroundings, "lookup" | "learn">;

export class AzureClients implements Azure {
  readonly #asker: Asker;
  readonly #wire: Wire;
  readonly #credentials = new Map<string, TokenCredential>();
  readonly #vaults: Vaults;

  /** @param requestLimitMs of one HTTP request; for tests */
  constructor(asker: Asker, requestLimitMs?: number) {
    this.#asker = asker;
    this.#wire = new Wire(requestLimitMs);
    this.#vaults = new Vaults(this.#wire, asker.learn, (settings, scope, tenantId) =>
      this.#token(settings, scope, tenantId),
    );
  }

  token(credential: AzureCredentialSettings, scope: string): Promise<Token> {
    return this.#token(credential, scope, undefined);
  }

  secret(credential: AzureCredentialSettings, place: SecretPlace): Promise<AzureSecret> {
    return this.#vaults.secret(credential, place);
  }

  secretNames(credential: AzureCredentialSettings, vault: string, prefix: string): Promise<readonly string[]> {
    return this.#vaults.secretNames(credential, vault, prefix);
  }

  async #token(settings: AzureCredentialSettings, scope: string, tenantId: string | undefined): Promise<Token> {
    const watched: Watched = { sights: [], learn: this.#asker.learn, beganMs: performance.now() };
    let access: Awaited<ReturnType<TokenCredential["getToken"]>>;
    try {
      const asked = this.#wire.watch(watched, async () =>
        this.#credential(settings).getToken(scope, tenantId === undefined ? {} : { tenantId }),
      );
      access = await within(AZURE_LIMIT_MS, asked);
    } catch (error) {
      throw error instanceof AuthError ? error : tokenFailure(error, watched.sights, triedBy(settings));
    }
    this.#asker.learn(access.token);
    return checked(access.token, this.#lifeOf(access, watched), watched);
  }

  /** From the wire; a program (`az`) gives a date in the clock of this machine, which is its own too. */
  #lifeOf({ token, expiresOnTimestamp }: { token: string; expiresOnTimestamp: number }, { beganMs }: Watched) {
    const endMs = this.#wire.endOf(token);
    if (endMs === undefined) return expiresOnTimestamp - Date.now();
    return endMs === null ? null : Math.floor(endMs - beganMs);
  }

  #credential(settings: AzureCredentialSettings): TokenCredential {
    const key = JSON.stringify(Object.entries(settings).sort());
    const kept = this.#credentials.get(key);
    if (kept !== undefined) return kept;
    const made = azureCredential(settings, this.#asker.lookup, this.#wire.httpClient);
    this.#credentials.set(key, made);
    return made;
  }
}

/** The official clients take any text for a token, one that has ended and one that is no bearer token too. */
const checked = (text: string, livesMs: number | null, { sights }: Watched): Token => {
  const last = sights.at(-1);
  const place = last?.place ?? "the login of this machine";
  const invalid = (why: string) => new AuthError("AUTH_INVALID", { place, why });
  if (last?.token === "other") throw invalid("not a bearer token");
  if (last?.token === "ended" || (livesMs !== null && livesMs <= 0)) throw invalid("the token had already ended");
  const value = headerToken(text, place);
  if (value === null) throw invalid("an empty token");
  return last === undefined ? { value, livesMs, isGuess: true } : { value, livesMs };
};
