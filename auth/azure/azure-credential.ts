/** Makes `@azure/identity`'s credential from the `credential` key. Only here and beside it are its classes named. */

import type { HttpClient } from "@azure/core-rest-pipeline";
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  CredentialUnavailableError,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import type { Lookup } from "../../config/environment.ts";
import { silentBrowserCredential } from "./browser-login.ts";
import type { AzureCredentialName, AzureCredentialSettings } from "./credential-schema.ts";
import { loginFolder } from "./login-file.ts";

/** As the official clients take it; `getToken` rejects with their errors. */
export type TokenCredential = Pick<DefaultAzureCredential, "getToken">;

/** `az`, `azd` and PowerShell start slowly: 3 s and more on a busy laptop. */
const PROGRAM_LIMIT_MS = 20_000;

/** What `auto` tries, as a person would name it. */
export const AUTO: readonly AzureCredentialName[] = [
  "environment",
  "workload-identity",
  "managed-identity",
  "azure-cli",
  "azure-powershell",
  "azure-developer-cli",
];

export const triedBy = ({ use }: AzureCredentialSettings): readonly AzureCredentialName[] =>
  use === "auto" ? AUTO : [use].flat();

/**
 * @param lookup variables of the `environment` credential, so that they may stand in `.env` too
 * @param httpClient carries all that is sent
 * @throws what the official constructors throw
 */
export const azureCredential = (
  settings: AzureCredentialSettings,
  lookup: Lookup,
  httpClient: HttpClient,
): TokenCredential => {
  const making: Making = { settings, lookup, options: credentialOptions(settings, httpClient), isAlone: true };
  const { use } = settings;
  if (use === "auto") return auto(making);
  if (typeof use === "string") return MAKERS[use](making);
  const isAlone = use.length === 1;
  return new ChainedTokenCredential(...use.map((name) => orUnavailable(() => MAKERS[name]({ ...making, isAlone }))));
};

interface Making {
  readonly settings: AzureCredentialSettings;
  readonly lookup: Lookup;
  readonly options: ReturnType<typeof credentialOptions>;
  /** Whether no other credential comes after it when it is not there. */
  readonly isAlone: boolean;
}

/** What all of the official credentials take. */
export const credentialOptions = (
  { authorityHost, instanceDiscovery, tenantId }: AzureCredentialSettings,
  httpClient: HttpClient,
) => ({
  httpClient,
  disableInstanceDiscovery: !instanceDiscovery,
  // A vault may name a tenant of its own; the authority stays the configured one and answers for itself.
  additionallyAllowedTenants: ["*"],
  // Whoever asks for the token tries again, spread over time; a client that sleeps through a Retry-After hides it.
  retryOptions: { maxRetries: 0 },
  ...(authorityHost === undefined ? {} : { authorityHost }),
  ...(tenantId === undefined ? {} : { tenantId }),
});

const MAKERS: Readonly<Record<AzureCredentialName, (making: Making) => TokenCredential>> = {
  environment: (making) => {
    const credential = fromVariables(making);
    if (credential === null) throw new CredentialUnavailableError("the AZURE_ variables are not all there");
    return credential;
  },
  "workload-identity": ({ settings: { clientId }, options }) =>
    new WorkloadIdentityCredential({ ...options, ...(clientId === undefined ? {} : { clientId }) }),
  "managed-identity": ({ settings: { clientId }, options, isAlone }) => {
    // Not in the published type: DefaultAzureCredential sets it, so that a machine outside Azure is found out in 1 s.
    const probing = { ...options, ...(isAlone ? {} : { sendProbeRequest: true }) };
    return new ManagedIdentityCredential({ ...probing, ...(clientId === undefined ? {} : { clientId }) });
  },
  "azure-cli": ({ options }) => new AzureCliCredential({ ...options, processTimeoutInMs: PROGRAM_LIMIT_MS }),
  "azure-developer-cli": ({ options }) =>
    new AzureDeveloperCliCredential({ ...options, processTimeoutInMs: PROGRAM_LIMIT_MS }),
  "azure-powershell": ({ options }) =>
    new AzurePowerShellCredential({ ...options, processTimeoutInMs: PROGRAM_LIMIT_MS }),
  browser: ({ settings, lookup, options }) => silentBrowserCredential(settings, options, loginFolder(lookup)),
};

/** DefaultAzureCredential, whose first step reads `process.env` alone: before it stands ours, which knows `.env`. */
const auto = (making: Making): TokenCredential => {
  const { clientId } = making.settings;
  const ids = clientId === undefined ? {} : { managedIdentityClientId: clientId, workloadIdentityClientId: clientId };
  const rest = new DefaultAzureCredential({ ...making.options, ...ids, processTimeoutInMs: PROGRAM_LIMIT_MS });
  // With AZURE_TOKEN_CREDENTIALS the user has chosen among its steps.
  const first = making.lookup("AZURE_TOKEN_CREDENTIALS") === undefined ? fromVariables(making) : null;
  return first === null ? rest : new ChainedTokenCredential(first, rest);
};

/** The variables of Azure's EnvironmentCredential, its user name and password excepted (deprecated there). */
const fromVariables = ({ settings, lookup, options }: Making): TokenCredential | null => {
  const tenantId = settings.tenantId ?? lookup("AZURE_TENANT_ID");
  const clientId = settings.clientId ?? lookup("AZURE_CLIENT_ID");
  if (tenantId === undefined || clientId === undefined) return null;
  const clientSecret = lookup("AZURE_CLIENT_SECRET");
  if (clientSecret !== undefined) return new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  const certificatePath = lookup("AZURE_CLIENT_CERTIFICATE_PATH");
  if (certificatePath === undefined) return null;
  const certificatePassword = lookup("AZURE_CLIENT_CERTIFICATE_PASSWORD");
  const file = certificatePassword === undefined ? { certificatePath } : { certificatePath, certificatePassword };
  return new ClientCertificateCredential(tenantId, clientId, file, {
    ...options,
    sendCertificateChain: /^(?:1|true)$/i.test(lookup("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN") ?? ""),
  });
};

/** In a list, one that cannot even be made is one that is not there: the next one is tried. */
const orUnavailable = (make: () => TokenCredential): TokenCredential => {
  try {
    return make();
  } catch (error) {
    return { getToken: () => Promise.reject(error) };
  }
};
