/** `keyvault`: a token that lies in Azure Key Vault, read again while the run goes on. */

import * as z from "zod";
import { DURATION, parseDuration } from "../../config/duration.ts";
import { AuthError } from "../auth-error.ts";
import { azureCredentialSchema } from "../azure/credential-schema.ts";
import { secretNameSchema, secretVersionSchema, vaultSchema } from "../azure/vault-schema.ts";
import { headerToken } from "../header-token.ts";
import { type StrategyKind, strategySection } from "../strategy-kind.ts";
import type { Token } from "../token.ts";
import type { Surroundings } from "../world.ts";

const REREAD_RULE = "must be a duration such as 15m, from 1s to 24h";
const LEAST_REREAD_MS = 1000;
const DAY_MS = 24 * 60 * 60_000;

const schema = strategySection("keyvault", "Sends `Authorization: Bearer` with a secret of Azure Key Vault.", {
  vault: vaultSchema.meta({
    description: "Name of the vault, or its https URL (other clouds, private ones).",
    examples: ["my-vault", "https://my-vault.vault.usgovcloudapi.net"],
  }),
  secret: secretNameSchema
    .optional()
    .meta({ description: "Name of the secret that holds the token.", examples: ["github-mcp-token"] }),
  version: secretVersionSchema
    .optional()
    .meta({ description: "Pins a version. Absent: always the newest, so that a rotated token is picked up." }),
  reread: z
    .string(REREAD_RULE)
    .regex(DURATION, REREAD_RULE)
    .transform((text) => parseDuration(text) ?? 0)
    .refine((ms) => ms >= LEAST_REREAD_MS && ms <= DAY_MS, REREAD_RULE)
    .default(15 * 60_000)
    .meta({
      description: "How old the token may become before it is read again; after a 401 it is at once.",
      examples: ["15m"],
    }),
  credential: azureCredentialSchema,
})
  .refine(({ secret, identities }) => secret !== undefined || identities !== undefined, {
    error: "needs the name of a secret, or identities",
  })
  .refine(({ secret, identities }) => secret === undefined || identities?.prefix === undefined, {
    path: ["secret"],
    error: "does not go with identities.prefix, which names the secrets",
  })
  .refine(({ version, identities }) => version === undefined || identities?.prefix === undefined, {
    path: ["version"],
    error: "is a version of one secret, so it does not go with identities.prefix",
  });

type KeyvaultSettings = z.output<typeof schema>;

export const keyvault: StrategyKind<KeyvaultSettings> = {
  schema,
  source: (settings, surroundings) => ({
    fetch: () => readSecret(settings, surroundings),
    limitMs: FETCH_LIMIT_MS,
    chosen: async () => (await surroundings.azure(surroundings)).chosen(settings.credential),
  }),
  // Whether there is a login is known only by trying, which takes a network.
  missing: () => null,
  list: async (settings, prefix, surroundings) => {
    const azure = await surroundings.azure(surroundings);
    const names = await azure.secretNames(settings.credential, settings.vault, prefix);
    return names.map((secret) => ({ ...settings, secret, identities: undefined }));
  },
};

/** A vault's token (a program such as `az` may have to start for it) and the secret. */
const FETCH_LIMIT_MS = 30_000;

const readSecret = async (settings: KeyvaultSettings, surroundings: Surroundings): Promise<Token> => {
  const { vault, secret = "", version = null, reread, credential } = settings;
  const azure = await surroundings.azure(surroundings);
  const { value, expiresAtMs } = await azure.secret(credential, { vault, secret, version });
  const place = `${secret} in ${new URL(vault).host}`;
  const token = headerToken(value, place);
  if (token === null) throw new AuthError("AUTH_MISSING", { place, why: "the secret is empty" });
  surroundings.learn(token);
  // A vault goes on giving out what has ended, and its date may be read in a wrong clock: only a server's 401 ends it.
  return { value: token, livesMs: lifeOf(expiresAtMs, reread, surroundings, place), isGuess: true };
};

/**
 * The token ends for us when it is to be read again. A secret that says that it has ended is sent all the same: a vault
 * gives it out, and only the server knows whether the token in it still works.
 */
const lifeOf = (endMs: number | null, reread: number, { now, report }: Surroundings, place: string): number => {
  const leftMs = endMs === null ? reread : endMs - now();
  if (leftMs > 0) return Math.min(leftMs, reread);
  report({ what: "note", text: `the secret ${place} says that it has expired; it is used all the same` });
  return reread;
};
