/** `Azure` with the official clients: one credential for each distinct `credential` key, one client for each vault. */

import { AuthError } from "../auth-error.ts";
import { headerToken } from "../header-token.ts";
import type { Token } from "../token.ts";
import type { Surroundings } from "../world.ts";
import type { Azure, AzureSecret, SecretPlace } from "./azure.ts";
import { azureCredential } from "./azure-credential.ts";
import { tokenFailure } from "./azure-failure.ts";
import type { CredentialChain, TokenCredential } from "./credential-chain.ts";
import type { AzureCredentialName, AzureCredentialSettings } from "./credential-schema.ts";
import { Vaults } from "./vaults.ts";
import { type Watched, Wire } from "./wire.ts";
import { within } from "./within.ts";

/** All of one operation: the programs of a chain may each take some seconds. */
const AZURE_LIMIT_MS = 30_000;

/** Of those that the official credentials read. */
const SECRET_VARIABLES = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"];

type Asker = Pick<Surroundings, "lookup" | "learn">;

export class AzureClients implements Azure {
  readonly #asker: Asker;
  readonly #wire: Wire;
  readonly #credentials = new Map<string, CredentialChain>();
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

  chosen(credential: AzureCredentialSettings): AzureCredentialName | null {
    return this.#credentials.get(keyOf(credential))?.chosen ?? null;
  }

  async #token(settings: AzureCredentialSettings, scope: string, tenantId: string | undefined): Promise<Token> {
    const watched: Watched = { sights: [], learn: this.#asker.learn, beganMs: performance.now() };
    const credential = this.#credential(settings);
    let access: Awaited<ReturnType<TokenCredential["getToken"]>>;
    try {
      const asked = this.#wire.watch(watched, async () =>
        credential.getToken(scope, tenantId === undefined ? {} : { tenantId }),
      );
      access = await within(AZURE_LIMIT_MS, asked);
    } catch (error) {
      throw error instanceof AuthError ? error : tokenFailure(error, watched.sights, credential.tried);
    }
    this.#asker.learn(access.token);
    return checked(this.#tokenOf(access, watched), watched);
  }

  /** Its life is from the wire. A program (`az`) gives a date instead, in the clock of this machine. */
  #tokenOf({ token, expiresOnTimestamp }: { token: string; expiresOnTimestamp: number }, { beganMs }: Watched): Token {
    const endMs = this.#wire.endOf(token);
    if (endMs === undefined) return { value: token, livesMs: expiresOnTimestamp - Date.now(), isGuess: true };
    return { value: token, livesMs: endMs === null ? null : Math.floor(endMs - beganMs) };
  }

  #credential(settings: AzureCredentialSettings): CredentialChain {
    const key = keyOf(settings);
    const kept = this.#credentials.get(key);
    if (kept !== undefined) return kept;
    for (const secret of SECRET_VARIABLES.map(this.#asker.lookup)) if (secret !== undefined) this.#asker.learn(secret);
    const made = azureCredential(settings, this.#asker.lookup, this.#wire);
    this.#credentials.set(key, made);
    return made;
  }
}

const keyOf = (settings: AzureCredentialSettings): string => JSON.stringify(Object.entries(settings).sort());

/** The official clients take any text for a token, one that has ended and one that is no bearer token too. */
const checked = (token: Token, { sights }: Watched): Token => {
  const seen = sights.findLast((sight) => sight.token !== undefined);
  const place = seen?.place ?? "the login of this machine";
  const invalid = (why: string) => new AuthError("AUTH_INVALID", { place, why });
  if (seen?.token === "other") throw invalid("not a bearer token");
  if (seen?.token === "ended" || (token.livesMs !== null && token.livesMs <= 0)) {
    throw invalid("the token had already ended");
  }
  const value = headerToken(token.value, place);
  if (value === null) throw invalid("an empty token");
  return { ...token, value };
};
