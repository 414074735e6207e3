/** The real clients of Azure against the fakes, in the test's own process. */

import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { AuthError } from "../../../auth/auth-error.ts";
import { AzureClients } from "../../../auth/azure/azure-clients.ts";
import { type AzureCredentialSettings, azureCredentialSchema } from "../../../auth/azure/credential-schema.ts";
import { TEST_CA } from "../../fakes/faulty-server.ts";

/** Variables of this machine must not decide what a test sees. */
export const forgetMachine = (): void => {
  for (const name of Object.keys(process.env)) {
    if (/^(?:AZURE_|IDENTITY_|IMDS_|MSI_)/.test(name)) delete process.env[name];
  }
};

/** For all that this process connects to from now on. */
export const trustFakes = (): void => setDefaultCACertificates([...getCACertificates("bundled"), TEST_CA.certPem]);

export const credential = (own: Record<string, unknown>): AzureCredentialSettings =>
  azureCredentialSchema.parse({ instanceDiscovery: false, ...own });

/** @param variables what the `environment` credential finds */
export const clientsWith = (variables: Readonly<Record<string, string>> = {}, requestLimitMs?: number) => {
  const learned: string[] = [];
  const asker = { lookup: (name: string) => variables[name], learn: (secret: string) => learned.push(secret) };
  const azure = new AzureClients(asker, requestLimitMs);
  return { azure, learned };
};

export const refusal = async (attempt: Promise<unknown>): Promise<AuthError> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
  throw new Error("it was not refused");
};
