import type { Lookup } from "../config/environment.ts";
import { isSecretName, looksLikeToken } from "../config/secret-shape.ts";
import type { Settings } from "../config/settings.ts";
import type { Redactor } from "./redactor.ts";

/** Tells the redactor what is secret in the settings and the environment before anything is said. Tokens come later, by `auth/`. */

/** Variables that libraries read by themselves, and our own. */
const SECRET_VARIABLES = [
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "IDENTITY_HEADER",
  "MSI_SECRET",
  "MCP_TOKEN",
  "SWARMBRIDGE_HTTP_TOKEN",
] as const;

export const learnSecrets = (settings: Settings, lookup: Lookup, redactor: Redactor): void => {
  const learn = (value: string | undefined): void => {
    if (value !== undefined) redactor.learn(value);
  };
  for (const name of secretVariables(settings)) learn(lookup(name));
  for (const value of settings.carriedSecrets) learn(value);
  for (const { headers, url } of Object.values(settings.servers)) {
    for (const [name, value] of [...Object.entries(headers), ...new URL(url).searchParams]) {
      if (isSecretName(name) || looksLikeToken(value)) learn(value);
    }
  }
};

/** The names of variables that hold secrets, as far as the settings tell. */
export const secretVariables = ({ servers }: Settings): readonly string[] => [
  ...SECRET_VARIABLES,
  ...Object.values(servers).flatMap(({ auth }) => [...variablesIn(auth), ...identityVariables(auth.identities)]),
];

/** The names under `env`, wherever in a strategy's settings. In a list there may be others: a program needs its folders. */
const variablesIn = (settings: unknown): readonly string[] => {
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    if (key !== "env") return variablesIn(value);
    return Array.isArray(value) ? value.map(String).filter(isSecretName) : [String(value)];
  });
};

/** Of identities each variable is a token. */
const identityVariables = (identities: unknown): readonly string[] => {
  const { env } = (identities ?? {}) as { env?: unknown };
  return Array.isArray(env) ? env.map(String) : [];
};
