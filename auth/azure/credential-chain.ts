/**
 * Tries credentials in turn, as Azure's own chain does, but only from one that is not there to the next. That chain goes
 * on after every error of MSAL: a service principal with a wrong secret, or an Entra that is out of order for a moment,
 * would silently become whoever is logged in at `az`.
 */

import { CredentialUnavailableError, type DefaultAzureCredential } from "@azure/identity";
import { isNotThere } from "./azure-failure.ts";
import type { AzureCredentialName } from "./credential-schema.ts";
import type { Sight } from "./sight.ts";

/** As the official clients take it; `getToken` rejects with their errors. */
export type TokenCredential = Pick<DefaultAzureCredential, "getToken">;

export interface ChainMember {
  readonly name: AzureCredentialName;
  readonly credential: TokenCredential;
}

export class CredentialChain implements TokenCredential {
  readonly #members: readonly ChainMember[];
  readonly #sights: () => readonly Sight[];
  #chosen: ChainMember | null = null;

  /** @param sights the running operation's requests so far */
  constructor(members: readonly ChainMember[], sights: () => readonly Sight[]) {
    this.#members = members;
    this.#sights = sights;
  }

  /** The one that has brought a token. From then on no other is asked: an identity does not change within a run. */
  get chosen(): AzureCredentialName | null {
    return this.#chosen?.name ?? null;
  }

  /** Those that a failed operation may have tried. */
  get tried(): readonly AzureCredentialName[] {
    return (this.#chosen === null ? this.#members : [this.#chosen]).map(({ name }) => name);
  }

  async getToken(...[scopes, options]: Parameters<TokenCredential["getToken"]>) {
    if (this.#chosen !== null) return this.#chosen.credential.getToken(scopes, options);
    for (const member of this.#members) {
      const seen = this.#sights().length;
      try {
        const token = await member.credential.getToken(scopes, options);
        this.#chosen ??= member;
        return token;
      } catch (error) {
        const isAlone = this.#members.length === 1;
        if (isAlone || !isNotThere(error, this.#sights().slice(seen))) throw error;
      }
    }
    throw new CredentialUnavailableError("none of them is there");
  }
}
