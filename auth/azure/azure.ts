/** Azure as the strategies use it. Behind it are the official clients (`azure-clients.ts`), loaded on first use. */

import type { Token } from "../token.ts";
import type { AzureCredentialName, AzureCredentialSettings } from "./credential-schema.ts";

export interface AzureSecret {
  readonly value: string;
  readonly version: string;
  /** Wall clock, ms; null when the secret has no end. */
  readonly expiresAtMs: number | null;
}

export interface SecretPlace {
  /** `https://NAME.vault.azure.net` or that of another cloud. */
  readonly vault: string;
  readonly secret: string;
  /** null: the newest. */
  readonly version: string | null;
}

/** What is asked for over the network rejects with AuthError. */
export interface Azure {
  /** A token for the scope, never one out of a cache that is about to end. */
  token(credential: AzureCredentialSettings, scope: string): Promise<Token>;
  secret(credential: AzureCredentialSettings, place: SecretPlace): Promise<AzureSecret>;
  /** Names of the enabled secrets that begin with the prefix, sorted. */
  secretNames(credential: AzureCredentialSettings, vault: string, prefix: string): Promise<readonly string[]>;
  /** Which of the credentials has answered; null before the first token. It stays the one. */
  chosen(credential: AzureCredentialSettings): AzureCredentialName | null;
}
