/** Types of Azure resources, and a version of each one's REST interface with which it can be looked at: one table. */

/** Lower-cased: Azure's ids are case-insensitive. */
const VERSIONS: Readonly<Record<string, string>> = {
  "microsoft.loadtestservice/loadtests": "2022-12-01",
  "microsoft.network/virtualnetworks/subnets": "2023-09-01",
  "microsoft.network/applicationgateways": "2023-09-01",
  "microsoft.network/loadbalancers": "2023-09-01",
  "microsoft.managedidentity/userassignedidentities": "2023-01-31",
  "microsoft.keyvault/vaults": "2023-07-01",
  "microsoft.web/sites": "2022-09-01",
  "microsoft.web/serverfarms": "2022-09-01",
  "microsoft.app/containerapps": "2023-05-01",
  "microsoft.containerservice/managedclusters": "2023-10-01",
  "microsoft.insights/components": "2020-02-02",
  "microsoft.compute/virtualmachines": "2023-09-01",
  "microsoft.compute/virtualmachinescalesets": "2023-09-01",
  "microsoft.sql/servers/databases": "2021-11-01",
  "microsoft.documentdb/databaseaccounts": "2023-04-15",
  "microsoft.dbforpostgresql/flexibleservers": "2022-12-01",
  "microsoft.cache/redis": "2023-08-01",
  "microsoft.storage/storageaccounts": "2023-01-01",
  "microsoft.servicebus/namespaces": "2021-11-01",
  "microsoft.eventhub/namespaces": "2021-11-01",
  "microsoft.apimanagement/service": "2022-08-01",
  "microsoft.cognitiveservices/accounts": "2023-05-01",
};

export interface ResourceParts {
  readonly subscription: string;
  readonly resourceGroup: string;
  /** `Microsoft.Network/virtualNetworks/subnets`, as the id spells it. */
  readonly type: string;
  /** The id's last part. */
  readonly name: string;
  /** Of the resource and those that it lies in: `["vnet", "engines"]`. */
  readonly names: readonly string[];
}

/** @param id `/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME]`; null when it is not */
export const resourceParts = (id: string): ResourceParts | null => {
  const [, subscriptions, subscription, groups, resourceGroup, providers, namespace, ...rest] = id.split("/");
  const isShaped =
    subscriptions?.toLowerCase() === "subscriptions" &&
    groups?.toLowerCase() === "resourcegroups" &&
    providers?.toLowerCase() === "providers";
  if (!isShaped || !subscription || !resourceGroup || !namespace || rest.length < 2 || rest.length % 2 !== 0)
    return null;
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  return { subscription, resourceGroup, type: [namespace, ...types].join("/"), name: names.at(-1) ?? "", names };
};

/** @returns null for a type that is not in the table */
export const apiVersionOf = (type: string): string | null => VERSIONS[type.toLowerCase()] ?? null;
