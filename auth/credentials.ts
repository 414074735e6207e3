import type { AuthSettings } from "../config/settings.ts";
import type { Credential, Credentials } from "./credential.ts";
import { strategyKind } from "./strategies.ts";
import type { TokenSource } from "./token.ts";
import type { Surroundings } from "./world.ts";

/**
 * The credentials of one server for all its users in this process. Reads nothing yet.
 * @param share this process among those of the run: identities and renewals are divided over them
 */
export const createCredentials = (
  auth: AuthSettings,
  surroundings: Surroundings,
  _share: { readonly index: number; readonly of: number } = { index: 0, of: 1 },
): Credentials => {
  const one = new Simple(strategyKind(auth).source(auth, surroundings), surroundings.learn);
  return { of: () => one, close: () => one.close() };
};

class Simple implements Credential {
  readonly #source: TokenSource;
  readonly #learn: (secret: string) => void;
  #known: string | null | undefined;
  constructor(source: TokenSource, learn: (secret: string) => void) {
    this.#source = source;
    this.#learn = learn;
  }

  authorization(): string | null | Promise<string | null> {
    return this.#known === undefined ? this.#fetch() : this.#known;
  }

  async rejected(refused: string | null): Promise<boolean> {
    try {
      if (this.#known === refused) await this.#fetch();
      return this.#known !== refused;
    } catch {
      return false;
    }
  }

  close(): void {}

  async #fetch(): Promise<string | null> {
    const token = await this.#source.fetch(null);
    if (token !== null) this.#learn(token.value);
    this.#known = token === null ? null : `Bearer ${token.value}`;
    return this.#known;
  }
}
