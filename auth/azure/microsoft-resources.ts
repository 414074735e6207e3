/**
 * What no server may have a token for that it asked for by itself: Microsoft's own services. With such a token a hostile
 * server, or one that was taken over, could act as the identity there. `scope:` in the configuration accepts any by hand.
 */

/** Hosts of the resource's URL, each with its subdomains, and what a token for it opens. */
const HOSTS: Readonly<Record<string, string>> = {
  "management.azure.com": "Azure Resource Manager: the identity's subscriptions",
  "management.core.windows.net": "Azure Resource Manager, by its old name",
  "management.usgovcloudapi.net": "Azure Resource Manager of US Government",
  "management.core.usgovcloudapi.net": "Azure Resource Manager of US Government, by its old name",
  "management.chinacloudapi.cn": "Azure Resource Manager of China",
  "management.core.chinacloudapi.cn": "Azure Resource Manager of China, by its old name",
  "graph.microsoft.com": "Microsoft Graph: directory, mail, files",
  "graph.microsoft.us": "Microsoft Graph of US Government",
  "dod-graph.microsoft.us": "Microsoft Graph of US Government (DoD)",
  "microsoftgraph.chinacloudapi.cn": "Microsoft Graph of China",
  "graph.windows.net": "Azure AD Graph: the directory",
  "vault.azure.net": "Key Vault: secrets, keys, certificates",
  "vault.azure.cn": "Key Vault of China",
  "vault.usgovcloudapi.net": "Key Vault of US Government",
  "managedhsm.azure.net": "managed HSM: keys",
  "managedhsm.azure.cn": "managed HSM of China",
  "managedhsm.usgovcloudapi.net": "managed HSM of US Government",
  "storage.azure.com": "Storage: blobs, queues, tables, files",
  "core.windows.net": "Storage and the old management services",
  "core.usgovcloudapi.net": "Storage of US Government",
  "core.chinacloudapi.cn": "Storage of China",
  "datalake.azure.net": "Data Lake",
  "database.windows.net": "SQL Database",
  "database.usgovcloudapi.net": "SQL Database of US Government",
  "database.chinacloudapi.cn": "SQL Database of China",
  "ossrdbms-aad.database.windows.net": "Database for PostgreSQL and MySQL",
  "cosmos.azure.com": "Cosmos DB",
  "documents.azure.com": "Cosmos DB",
  "servicebus.azure.net": "Service Bus",
  "eventhubs.azure.net": "Event Hubs",
  "relay.azure.net": "Relay",
  "redis.azure.com": "Cache for Redis",
  "azconfig.io": "App Configuration",
  "azurecr.io": "Container Registry",
  "cognitiveservices.azure.com": "AI services",
  "ai.azure.com": "AI Foundry",
  "ml.azure.com": "Machine Learning",
  "search.azure.com": "AI Search",
  "batch.core.windows.net": "Batch",
  "loadtesting.azure.com": "Load Testing",
  "monitor.azure.com": "Monitor",
  "loganalytics.io": "Log Analytics",
  "loganalytics.azure.com": "Log Analytics",
  "applicationinsights.io": "Application Insights",
  "kusto.windows.net": "Data Explorer",
  "synapse.net": "Synapse",
  "azuresynapse.net": "Synapse",
  "databricks.net": "Databricks",
  "analysis.windows.net": "Power BI",
  "fabric.microsoft.com": "Fabric",
  "dynamics.com": "Dynamics 365 and Dataverse",
  "powerapps.com": "Power Platform",
  "powerplatform.com": "Power Platform",
  "sharepoint.com": "SharePoint and OneDrive",
  "outlook.office.com": "Exchange: mail",
  "outlook.office365.com": "Exchange: mail",
  "office.com": "Microsoft 365",
  "manage.office.com": "Microsoft 365 management",
  "substrate.office.com": "Microsoft 365",
  "dev.azure.com": "Azure DevOps",
  "visualstudio.com": "Azure DevOps",
};

/** The same by the id of their application, the other way to write a resource. */
const APPLICATIONS: Readonly<Record<string, string>> = {
  "00000003-0000-0000-c000-000000000000": "Microsoft Graph",
  "00000002-0000-0000-c000-000000000000": "Azure AD Graph",
  "797f4846-ba00-4fd7-ba43-dac1f8f63013": "Azure Resource Manager",
  "cfa8b339-82a2-471a-a3c9-0fc0be7a4093": "Key Vault",
  "589d5083-6f11-4d30-a62a-a4b316a14abf": "managed HSM",
  "e406a681-f3d4-42a8-90b6-c2b029497af1": "Storage",
  "022907d3-0f1b-48f7-badc-1ba6abab6d66": "SQL Database",
  "123cd850-d9df-40bd-94d5-c9f07b7fa203": "Database for PostgreSQL and MySQL",
  "a232010e-820c-4083-83bb-3ace5fc29d0b": "Cosmos DB",
  "80a10ef9-8168-493d-abf9-3297c4ef6e3c": "Service Bus",
  "80369ed6-5f11-4dd9-bef3-692475845e77": "Event Hubs",
  "00000002-0000-0ff1-ce00-000000000000": "Exchange",
  "00000003-0000-0ff1-ce00-000000000000": "SharePoint",
  "00000007-0000-0000-c000-000000000000": "Dynamics 365",
  "00000009-0000-0000-c000-000000000000": "Power BI",
  "c5393580-f805-4401-95e8-94b7a6ef2fc2": "Microsoft 365 management",
  "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d": "Databricks",
  "499b84ac-1321-427f-aa17-267ca6975798": "Azure DevOps",
  "6dae42f8-4368-4678-94ff-3960e28e3630": "Kubernetes Service",
};

/** Services that run MCP servers of their own: those, and no others, may ask for a token for them. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  "Azure DevOps": ["dev.azure.com", "visualstudio.com"],
};

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * @param resource a scope, or the resource in it: a URL, `api://ID` or an application's id
 * @returns what a token for it would open, or null when it is none of Microsoft's services
 */
export const microsoftResource = (resource: string): string | null => {
  const text = resource.trim().toLowerCase();
  return serviceById(ID.exec(text)?.[0] ?? "") ?? serviceByUrl(text);
};

/**
 * @param resource a URL or an application's bare id
 * @param asker host of the server that asks
 * @returns whether the resource is that of the Microsoft service which runs the server
 */
export const isAskersService = (resource: string, asker: string): boolean => {
  const text = resource.toLowerCase();
  const service = serviceById(text) ?? serviceByUrl(text);
  return service !== null && (OWNERS[service] ?? []).some((owner) => isWithin(asker, owner));
};

const serviceById = (id: string): string | null => entryOf(APPLICATIONS, id);

const serviceByUrl = (url: string): string | null => {
  const host = URL.parse(url)?.hostname.replace(/\.$/, "") ?? "";
  return entryOf(HOSTS, Object.keys(HOSTS).find((name) => isWithin(host, name)) ?? "");
};

const isWithin = (host: string, name: string): boolean => host === name || host.endsWith(`.${name}`);

const entryOf = (table: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;
