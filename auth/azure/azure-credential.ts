/** Makes `@azure/identity`'s credential from the `credential` key. Only here and beside it are its classes named. */

import type { HttpClient } from "@azure/core-rest-pipeline";
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  CredentialUnavailableError,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import type { Lookup } from "../../config/environment.ts";
import { AuthError } from "../auth-error.ts";
import { silentBrowserCredential } from "./browser-login.ts";
import { CredentialChain, type TokenCredential } from "./credential-chain.ts";
import type { AzureCredentialName, AzureCredentialSettings } from "./credential-schema.ts";
import { loginFolder } from "./login-file.ts";
import type { Wire } from "./wire.ts";

/** `az`, `azd` and PowerShell start slowly: 3 s and more on a busy laptop. */
const PROGRAM_LIMIT_MS = 20_000;

const SERVICE: readonly AzureCredentialName[] = ["environment", "workload-identity", "managed-identity"];
const DEVELOPER: readonly AzureCredentialName[] = ["azure-cli", "azure-powershell", "azure-developer-cli"];

/** What `AZURE_TOKEN_CREDENTIALS` makes of `auto`, as in DefaultAzureCredential. */
const AUTO_BY_CHOICE: Readonly<Record<string, readonly AzureCredentialName[]>> = {
  prod: SERVICE,
  dev: DEVELOPER,
  environmentcredential: ["environment"],
  workloadidentitycredential: ["workload-identity"],
  managedidentitycredential: ["managed-identity"],
  azureclicredential: ["azure-cli"],
  azurepowershellcredential: ["azure-powershell"],
  azuredeveloperclicredential: ["azure-developer-cli"],
};

/**
 * @param lookup variables of the `environment` credential, so that they may stand in `.env` too
 * @param wire carries all that is sent, and sees it
 * @throws {AuthError} AUTH_NO_LOGIN when `AZURE_TOKEN_CREDENTIALS` names none
 */
export const azureCredential = (
  settings: AzureCredentialSettings,
  lookup: Lookup,
  wire: Pick<Wire, "httpClient" | "sights">,
): CredentialChain => {
  const names = settings.use === "auto" ? autoNames(lookup) : [settings.use].flat();
  const options = credentialOptions(settings, wire.httpClient);
  const making: Making = { settings, lookup, options, isAlone: names.length === 1 };
  const members = names.map((name) => ({ name, credential: orUnavailable(() => MAKERS[name](making)) }));
  return new CredentialChain(members, () => wire.sights());
};

/** The steps of DefaultAzureCredential that work in this program, in its order. */
const autoNames = (lookup: Lookup): readonly AzureCredentialName[] => {
  const choice = lookup("AZURE_TOKEN_CREDENTIALS")?.trim().toLowerCase();
  if (choice === undefined) return [...SERVICE, ...DEVELOPER];
  if (Object.hasOwn(AUTO_BY_CHOICE, choice)) return AUTO_BY_CHOICE[choice] ?? [];
  const why = `AZURE_TOKEN_CREDENTIALS is none of ${Object.keys(AUTO_BY_CHOICE).join(", ")}`;
  throw new AuthError("AUTH_NO_LOGIN", { why });
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
  "managed-identity": ({ settings, lookup, options, isAlone }) => {
    const clientId = settings.clientId ?? (settings.use === "auto" ? lookup("AZURE_CLIENT_ID") : undefined);
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

/**
 * The variables of Azure's EnvironmentCredential, its user name and password excepted (deprecated there). `clientId` of
 * the settings is that of another kind of identity: one of a machine, or the browser login's application.
 */
const fromVariables = ({ settings, lookup, options }: Making): TokenCredential | null => {
  const tenantId = settings.tenantId ?? lookup("AZURE_TENANT_ID");
  const clientId = lookup("AZURE_CLIENT_ID");
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

/** One that cannot even be made says so when it is asked for a token. */
const orUnavailable = (make: () => TokenCredential): TokenCredential => {
  try {
    return make();
  } catch (error) {
    return { getToken: () => Promise.reject(error) };
  }
};
