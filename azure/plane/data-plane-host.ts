import { AzureError } from "../azure-error.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { cloudOf } from "../cloud.ts";
import { said } from "./said.ts";

const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

/**
 * The token goes where this host is, and the host may come out of a file that somebody else wrote (a run's `azure.json`):
 * in Microsoft's clouds it must be a name of the service's own domain. Endpoints that the user wrote speak for themselves.
 * @throws {AzureError} AZURE_INVALID
 */
export const checkedHost = (host: string, cloud: AzureSettings["cloud"]): string => {
  const invalid = (why: string) => new AzureError("AZURE_INVALID", { place: said(host, 200), why });
  if (!HOST.test(host)) throw invalid("it is no name of a host");
  // cnt-prod.loadtesting.azure.com stands for all of *.loadtesting.azure.com.
  const domain = new URL(cloudOf(cloud).audience).hostname.replace(/^[^.]+/, "");
  if (typeof cloud === "string" && !host.toLowerCase().endsWith(domain)) {
    throw invalid(`it is no data plane of this cloud (*${domain})`);
  }
  return host;
};
