import type { ClientAuth } from "oauth4webapi";
import { AuthError } from "../auth-error.ts";
import { readSecret, type SecretReference } from "../secret-reference.ts";
import type { Surroundings } from "../world.ts";
import { assertionAuthentication, type SecretMethod, secretAuthentication } from "./client-authentication.ts";
import type { IssuerClock } from "./issuer-clock.ts";
import { type SigningAlgorithm, type SigningKey, signingKey } from "./private-key.ts";

interface ProofSettings {
  readonly clientSecret?: SecretReference | undefined;
  readonly privateKey?: SecretReference | undefined;
  readonly keyId?: string | undefined;
  readonly algorithm?: SigningAlgorithm | undefined;
  readonly authMethod: SecretMethod | "auto";
}

type Proof = { readonly secret: string } | { readonly key: SigningKey };

/** What proves a client. It is read once, and again after `forget`: secrets are rotated while a run goes on. */
export class ClientProof {
  readonly #settings: ProofSettings;
  readonly #surroundings: Surroundings;
  readonly #clock: IssuerClock;
  #proof: Promise<Proof> | null = null;

  constructor(settings: ProofSettings, surroundings: Surroundings, clock: IssuerClock) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#clock = clock;
  }

  /** True when it holds dates, so that the clocks matter. */
  get isDated(): boolean {
    return this.#settings.privateKey !== undefined;
  }

  /**
   * @param authMethods what the issuer says that it takes, or null
   * @throws {AuthError} what reading the secret throws, AUTH_KEY
   */
  async authentication(authMethods: readonly string[] | null): Promise<ClientAuth> {
    this.#proof ??= this.#read();
    let proof: Proof;
    try {
      proof = await this.#proof;
    } catch (error) {
      this.#proof = null;
      throw error;
    }
    const { learn } = this.#surroundings;
    if ("key" in proof) return assertionAuthentication(proof.key, this.#clock.now(), learn);
    return secretAuthentication(proof.secret, this.#method(authMethods), learn);
  }

  forget(): void {
    this.#proof = null;
  }

  #method(authMethods: readonly string[] | null): SecretMethod {
    const { authMethod } = this.#settings;
    if (authMethod !== "auto") return authMethod;
    // RFC 8414, section 2: an issuer that does not say takes client_secret_basic.
    const takesBasic = authMethods?.includes("client_secret_basic") ?? true;
    return !takesBasic && authMethods?.includes("client_secret_post") === true ? "post" : "basic";
  }

  async #read(): Promise<Proof> {
    const { clientSecret, privateKey, keyId = null, algorithm = null } = this.#settings;
    if (clientSecret !== undefined) return { secret: await readSecret(clientSecret, this.#surroundings) };
    // The schema lets none be without both; an identity's own settings might.
    if (privateKey === undefined) throw new AuthError("AUTH_MISSING", { place: "clientSecret or privateKey" });
    return { key: signingKey(await readSecret(privateKey, this.#surroundings), algorithm, keyId) };
  }
}
