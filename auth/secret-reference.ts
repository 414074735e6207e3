/** A secret that the settings name and never hold: in a variable, a file, or Azure Key Vault. */

import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { section } from "../config/section.ts";
import { variableName } from "../config/variable-name.ts";
import { AuthError } from "./auth-error.ts";
import { type AzureCredentialSettings, azureCredentialSchema } from "./azure/credential-schema.ts";
import { secretNameSchema, secretVersionSchema, vaultSchema } from "./azure/vault-schema.ts";
import type { Surroundings } from "./world.ts";

const NAME_RULE = "must be the name of an environment variable: letters, digits and _, not the secret itself";

/** What a file that says nothing of it has, too. */
const isDefault = (credential: AzureCredentialSettings): boolean =>
  isDeepStrictEqual(credential, azureCredentialSchema.parse(undefined));

/** @param what the secret is, for the schema's readers */
export const secretReference = (what: string, example: string) =>
  section({
    env: variableName(NAME_RULE)
      .optional()
      .meta({ description: `The environment variable (or line of .env) that holds ${what}.`, examples: [example] }),
    file: z
      .string("must be the path of a file")
      .min(1, "must be the path of a file")
      .optional()
      .meta({ description: `A file that holds ${what}. Relative to loadtest.yaml.`, examples: ["/run/secrets/oauth"] }),
    vault: vaultSchema
      .optional()
      .meta({ description: "The Azure Key Vault that holds it: its name or https URL.", examples: ["my-vault"] }),
    secret: secretNameSchema
      .optional()
      .meta({ description: "With vault: the name of the secret.", examples: ["oauth-client-secret"] }),
    version: secretVersionSchema.optional().meta({ description: "With vault: pins a version. Absent: the newest." }),
    credential: azureCredentialSchema,
  })
    .refine((own) => [own.env, own.file, own.vault].filter((place) => place !== undefined).length === 1, {
      error: "needs exactly one of env, file and vault",
    })
    .refine(({ vault, secret }) => (vault === undefined) === (secret === undefined), {
      error: "needs vault and secret together",
    })
    .refine(({ vault, version }) => vault !== undefined || version === undefined, {
      path: ["version"],
      error: "goes with vault",
    })
    .refine(({ vault, credential }) => vault !== undefined || isDefault(credential), {
      path: ["credential"],
      error: "goes with vault",
    })
    .meta({ description: `Where ${what} is. It is named here, never written.`, examples: [{ env: example }] });

export type SecretReference = z.output<ReturnType<typeof secretReference>>;

/**
 * @returns the secret, without blanks around it, known to the redactor
 * @throws {AuthError} AUTH_MISSING when it is not there or empty, AUTH_UNREADABLE for a file; Azure's for a vault
 */
export const readSecret = async (reference: SecretReference, surroundings: Surroundings): Promise<string> => {
  const text =
    reference.vault === undefined ? readHere(reference, surroundings) : await readVault(reference, surroundings);
  const secret = text?.trim() ?? "";
  if (secret === "") throw new AuthError("AUTH_MISSING", { place: placeOf(reference) });
  surroundings.learn(secret);
  return secret;
};

/** Name of the variable or file that is not there, or null; a vault is not asked. For `StrategyKind.missing`. */
export const missingSecret = (
  reference: SecretReference,
  surroundings: Pick<Surroundings, "lookup" | "readFile">,
): string | null => {
  if (reference.vault !== undefined) return null;
  try {
    return (readHere(reference, surroundings)?.trim() ?? "") === "" ? placeOf(reference) : null;
  } catch (error) {
    if (error instanceof AuthError) return placeOf(reference);
    throw error;
  }
};

const placeOf = ({ env, file, vault, secret }: SecretReference): string =>
  vault === undefined ? (env ?? file ?? "") : `${secret} in ${new URL(vault).host}`;

const readVault = async (reference: SecretReference, surroundings: Surroundings): Promise<string> => {
  const { vault = "", secret = "", version = null, credential } = reference;
  const azure = await surroundings.azure(surroundings);
  return (await azure.secret(credential, { vault, secret, version })).value;
};

/** @returns null when it is not there */
const readHere = (
  { env, file = "" }: SecretReference,
  { lookup, readFile }: Pick<Surroundings, "lookup" | "readFile">,
): string | null => {
  if (env !== undefined) return lookup(env) ?? null;
  try {
    return readFile(file);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new AuthError("AUTH_UNREADABLE", { place: file }, { cause });
  }
};
