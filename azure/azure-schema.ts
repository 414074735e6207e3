/**
 * The `azure` key of `loadtest.yaml`: where the test runs, and what Azure gives it. Keys that go into Azure's own YAML have
 * Azure's names. How many users for how long stands in `locust.conf`, what fails a run in `failureCriteria`.
 */

import * as z from "zod";
import { azureCredentialSchema } from "../auth/azure/credential-schema.ts";
import { section } from "../config/section.ts";
import { resourceId } from "../gate/resource-id.ts";
import { CLOUDS } from "./cloud.ts";

const text = (rule: string, most: number) =>
  z.string(rule).min(1, rule).max(most, `must be at most ${most} characters long`);

const SUBSCRIPTION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RESOURCE_GROUP = /^[\w.()-]{1,90}$/;
const RESOURCE_NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}[A-Za-z0-9]$/;
const TEST_ID = /^[a-z0-9_-]{2,50}$/;
const SUBNET_ID =
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/\s]+\/subnets\/[^/\s]+$/i;
const IDENTITY_ID =
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/\s]+$/i;
/** What the az CLI takes; the GitHub Action takes any URL with `/secrets/` in it. */
const VAULT_HOST =
  "https://[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]\\.vault\\.(?:azure\\.net|usgovcloudapi\\.net|azure\\.cn)";
const SECRET_URL = new RegExp(`^${VAULT_HOST}/secrets/[A-Za-z0-9-]{1,127}(?:/[A-Za-z0-9]{1,64})?$`);
const CERTIFICATE_URL = new RegExp(`^${VAULT_HOST}/certificates/[A-Za-z0-9-]{1,127}(?:/[A-Za-z0-9]{1,64})?$`);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const VARIABLE_RULE = "must be the name of an environment variable: letters, digits and _";

const ENGINES_RULE = "must be a whole number from 1 to 400";
const engines = () => z.int(ENGINES_RULE).min(1, ENGINES_RULE).max(400, ENGINES_RULE);

const SECRET_RULE =
  "must be the https address of a secret in Key Vault, https://NAME.vault.azure.net/secrets/SECRET: a secret is named here, never written";
const VAULT_RULE =
  "must be https://NAME.vault.azure.net/secrets/SECRET, or that of another Azure cloud, with or without /VERSION: the az CLI takes no other address";
const CERTIFICATE_RULE =
  "must be the https address of a certificate in Key Vault, https://NAME.vault.azure.net/certificates/CERTIFICATE";
const IDENTITY_RULE =
  "must be system, or the resource id of a user-assigned identity (/subscriptions/.../userAssignedIdentities/NAME)";
const identity = z.union(
  [z.literal("system"), z.string(IDENTITY_RULE).regex(IDENTITY_ID, IDENTITY_RULE)],
  IDENTITY_RULE,
);
const userAssigned = z
  .array(z.string(IDENTITY_RULE).regex(IDENTITY_ID, IDENTITY_RULE), "must be system, or a list of resource ids")
  .min(1, IDENTITY_RULE);

const appComponent = section({
  resourceId: resourceId().describe("The resource whose metrics are shown beside the run's."),
  resourceName: text("must be a name", 200).optional().describe("What a person calls it. Absent: the id's last part."),
  kind: text("must be text", 100).optional().describe("The resource's kind, where its type has several."),
  metrics: z
    .array(
      section({
        name: text("must be the name of a metric", 200).describe("Name of the metric, as Azure Monitor has it."),
        aggregation: text("must be an aggregation such as Average", 100).describe("How it is aggregated."),
        namespace: text("must be a namespace", 200).optional().describe("Absent: the resource's type."),
      }),
      "must be a list of { name, aggregation, namespace }",
    )
    .optional()
    .meta({
      description: "Absent: Azure's defaults for that type.",
      examples: [[{ name: "CpuPercentage", aggregation: "Average" }]],
    }),
});

const cloudEndpoints = section({
  management: z.url({ protocol: /^https$/, error: "must be an https URL" }).describe("Azure Resource Manager."),
  audience: z
    .url({ protocol: /^https$/, error: "must be an https URL" })
    .describe("Audience of the data plane's tokens."),
  portal: z.url({ protocol: /^https$/, error: "must be an https URL" }).describe("The portal, for links."),
});

const files = (description: string, example: string) =>
  z
    .array(text("must be the path of a file", 4096), "must be a list of paths")
    .default([])
    .meta({ description, examples: [[example]] });

export const azureSchema = section({
  subscription: z
    .string("must be the id of a subscription")
    .regex(SUBSCRIPTION, "must be the id of a subscription (a GUID)")
    .optional()
    .meta({
      description: "Subscription of the Azure Load Testing resource.",
      examples: ["00000000-0000-0000-0000-000000000000"],
    }),
  resourceGroup: z
    .string("must be a name")
    .regex(RESOURCE_GROUP, "must be the name of a resource group")
    .optional()
    .meta({ description: "Its resource group.", examples: ["load-tests"] }),
  resource: z
    .string("must be a name")
    .regex(RESOURCE_NAME, "must be the name of an Azure Load Testing resource: letters, digits and -, a letter first")
    .optional()
    .meta({ description: "Its name.", examples: ["mcp-load"] }),
  location: z
    .string("must be a region")
    .regex(/^[a-z0-9]{2,40}$/, "must be a region such as westeurope")
    .optional()
    .meta({ description: "Its region: only `azure bicep` needs it.", examples: ["westeurope"] }),
  cloud: z
    .union([z.enum(CLOUDS), cloudEndpoints], `must be one of ${CLOUDS.join(", ")}, or a map of endpoints`)
    .default("public")
    .meta({
      description: "Which Azure cloud; a map names the endpoints of another one.",
      examples: ["public", "usgov"],
    }),
  credential: azureCredentialSchema,
  testId: z
    .string("must be text")
    .regex(TEST_ID, "must be 2 to 50 of a-z, 0-9, _ and -")
    .meta({ description: "Id of the test at Azure.", examples: ["mcp-nightly"] }),
  displayName: text("must be 2 to 50 characters long", 50)
    .min(2, "must be 2 to 50 characters long")
    .optional()
    .meta({ description: "Its name in the portal. Absent: testId.", examples: ["MCP nightly"] }),
  description: text("must be text", 100)
    .optional()
    .meta({ description: "At most 100 characters. Absent: testId.", examples: ["All four servers"] }),
  testPlan: text("must be the path of a locustfile", 4096)
    .regex(/\.py$/, "must be the path of a locustfile (.py)")
    .default("multi.py")
    .meta({ description: "The locustfile, relative to loadtest.yaml.", examples: ["multi.py"] }),
  engineInstances: engines()
    .default(1)
    .meta({ description: "How many engines share the users of locust.conf.", examples: [2] }),
  regionalLoadTestConfig: z
    .array(
      section({
        region: z
          .string("must be a region")
          .regex(/^[a-z0-9]{2,40}$/, "must be a region such as westeurope")
          .describe("Name of the region."),
        engineInstances: engines().describe("Engines there."),
      }),
      "must be a list of { region, engineInstances }",
    )
    .min(2, "needs at least two regions; leave it out for one")
    .optional()
    .meta({
      description: "Where the engines stand. The sum must be engineInstances.",
      examples: [
        [
          { region: "westeurope", engineInstances: 1 },
          { region: "northeurope", engineInstances: 1 },
        ],
      ],
    }),
  splitAllCSVs: z
    .boolean("must be true or false")
    .default(false)
    .describe("Each engine gets its share of every CSV file instead of a copy."),
  env: z
    .record(
      z.string().regex(VARIABLE, VARIABLE_RULE),
      z.string("must be text (put it into quotes)").max(2000, "must be at most 2000 characters long"),
    )
    .default({})
    .meta({
      description: "Environment variables of the engines, by name. No secret.",
      examples: [{ AZURE_DEVOPS_ORG: "contoso" }],
    }),
  secrets: z
    .record(
      z.string().regex(VARIABLE, VARIABLE_RULE),
      z
        .string(SECRET_RULE)
        .refine((text) => text.startsWith("https:"), SECRET_RULE)
        .regex(SECRET_URL, VAULT_RULE),
    )
    .default({})
    .meta({
      description: "Secrets in Key Vault; engines have them as environment variables of these names.",
      examples: [{ GITHUB_MCP_TOKEN: "https://my-vault.vault.azure.net/secrets/github-mcp" }],
    }),
  certificates: z
    .record(
      z.string().regex(VARIABLE, VARIABLE_RULE),
      z.string(CERTIFICATE_RULE).regex(CERTIFICATE_URL, CERTIFICATE_RULE),
    )
    .refine((all) => Object.keys(all).length <= 1, "may hold one certificate: Azure takes no more")
    .default({})
    .meta({
      description: "A client certificate in Key Vault, by name; engines find it in `ALT_CERTIFICATES_DIR`.",
      examples: [{ client: "https://my-vault.vault.azure.net/certificates/client" }],
    }),
  identities: section({
    keyVault: identity.optional().describe("Reads the secrets. Absent with secrets: the resource's system identity."),
    metrics: identity.optional().describe("Reads the metrics of server criteria and app components."),
    engine: z
      .union(
        [z.literal("system"), userAssigned],
        "must be system, or a list of resource ids of user-assigned identities",
      )
      .optional()
      .describe("The engines' own, for `managed-identity` in auth. Not with several regions."),
  })
    .prefault({})
    .meta({
      description: "Which identities Azure uses for what: `system`, or resource ids.",
      examples: [{ keyVault: "system" }],
    }),
  subnetId: z
    .string("must be the resource id of a subnet")
    .regex(SUBNET_ID, "must be the resource id of a subnet (/subscriptions/.../virtualNetworks/NAME/subnets/NAME)")
    .optional()
    .meta({ description: "Engines are put into this subnet.", examples: ["/subscriptions/…/subnets/engines"] }),
  publicIPDisabled: z
    .boolean("must be true or false")
    .default(false)
    .describe("Engines get no public address. Needs subnetId."),
  appComponents: z
    .array(appComponent, "must be a list of { resourceId, ... }")
    .max(100, "may hold at most 100: Azure takes no more")
    .default([])
    .meta({
      description: "Azure resources behind the servers, watched during the run.",
      examples: [[{ resourceId: "/subscriptions/…/sites/mcp" }]],
    }),
  maximumVirtualUsersPerEngine: z
    .int("must be a whole number from 1")
    .min(1, "must be a whole number from 1")
    .optional()
    .meta({ description: "Azure ends a run with more users on one engine. Absent: 5000.", examples: [1000] }),
  configurationFiles: files(
    "Further files that the test reads. All files lie in one folder on an engine.",
    "data/queries.txt",
  ),
  zipArtifacts: files("Zip files that engines unpack.", "data/pages.zip"),
  requirements: files("Lines for requirements.txt beside ours: packages that the locustfiles import.", "faker==30.0.0"),
})
  .optional()
  .meta({ description: "The same test on Azure Load Testing (docs/azure.md)." });

export type AzureSettings = NonNullable<z.output<typeof azureSchema>>;
