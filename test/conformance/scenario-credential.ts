/** The client of a scenario as an `auth` section of `loadtest.yaml` says it. */

/** What the suite tells the client about itself. */
export interface CredentialContext {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly private_key_pem?: string;
  readonly signing_algorithm?: string;
}

interface ScenarioCredential {
  readonly auth: Readonly<Record<string, unknown>>;
  /** The secret, in a file beside `loadtest.yaml`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where the suite would have a client register itself, its servers take any secret. */
export const credentialOf = (context: CredentialContext): ScenarioCredential => {
  const { client_id = "conformance", client_secret = "any", private_key_pem, signing_algorithm } = context;
  const common = { strategy: "oauth", clientId: client_id };
  return private_key_pem === undefined
    ? { auth: { ...common, clientSecret: { file: "secret" } }, files: { secret: client_secret } }
    : {
        auth: { ...common, privateKey: { file: "secret" }, algorithm: signing_algorithm },
        files: { secret: private_key_pem },
      };
};
