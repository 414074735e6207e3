/** The `credential` key of what Azure guards: which of `@azure/identity`'s credentials are tried, and how. */

import * as z from "zod";
import { section } from "../../config/section.ts";

export const AZURE_CREDENTIALS = [
  "environment",
  "workload-identity",
  "managed-identity",
  "azure-cli",
  "azure-developer-cli",
  "azure-powershell",
  "browser",
] as const;
export type AzureCredentialName = (typeof AZURE_CREDENTIALS)[number];

const KIND_RULE = `must be auto, or one or a list of ${AZURE_CREDENTIALS.join(", ")}`;
const kind = z.enum(AZURE_CREDENTIALS, KIND_RULE);
const text = (rule: string) => z.string(rule).min(1, rule).max(500, "must be at most 500 characters long").optional();

export const azureCredentialSchema = section({
  use: z
    .union([z.literal("auto"), kind, z.array(kind).min(1, KIND_RULE)], { error: KIND_RULE })
    .default("auto")
    .meta({
      description: "Which credentials are tried, in this order. auto: what `DefaultAzureCredential` tries.",
      examples: ["auto", "managed-identity", ["azure-cli", "browser"]],
    }),
  clientId: text("must be a client id").meta({
    description: "Of a user-assigned managed identity, a workload identity or the browser login's application.",
    examples: ["00000000-0000-0000-0000-000000000000"],
  }),
  tenantId: text("must be a tenant id or domain").meta({
    description: "The tenant that gives the token.",
    examples: ["contoso.onmicrosoft.com"],
  }),
  authorityHost: z
    .url({ protocol: /^https$/, error: "must be an https URL" })
    .optional()
    .meta({ description: "Entra of another cloud.", examples: ["https://login.microsoftonline.us"] }),
  instanceDiscovery: z
    .boolean("must be true or false")
    .default(true)
    .describe("false: the authority is not checked against Microsoft's list (private clouds)."),
})
  .prefault({})
  .meta({
    description: "How this machine proves itself to Azure.",
    examples: [{ use: "managed-identity" }],
  });

export type AzureCredentialSettings = z.output<typeof azureCredentialSchema>;
