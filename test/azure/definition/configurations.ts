/** Twelve configurations, from the smallest to all that Azure can be told. */

import type { ProjectText } from "./project.ts";

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/load";
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/tester`;
export const OTHER_IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/other`;
export const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/engines`;
export const APP = `${GROUP}/providers/Microsoft.Web/sites/mcp`;
export const DATABASE = `${GROUP}/providers/Microsoft.Sql/servers/one/databases/two`;

const FOUR_SERVERS = `servers:
  learn:
    url: https://learn.example.com/mcp
  github:
    url: https://github.example.com/mcp
    auth: { strategy: bearer, env: GITHUB_MCP_TOKEN }
  context7:
    url: https://context7.example.com/mcp
    auth: { strategy: oauth, clientId: load-test, clientSecret: { env: OAUTH_SECRET }, issuer: "https://login.example.com" }
  azure-devops:
    url: https://dev.example.com/\${AZURE_DEVOPS_ORG}
    auth: { strategy: entra, scope: "api://mcp/.default", credential: { use: managed-identity } }
  vaulted:
    url: https://vaulted.example.com/mcp
    auth: { strategy: keyvault, vault: my-vault, secret: token, credential: { use: [managed-identity, azure-cli] } }
`;

const CLASSES = ["learn", "github", "context7", "azure-devops", "vaulted"];

export const CONFIGURATIONS: Readonly<Record<string, ProjectText>> = {
  minimal: {},
  "four servers and one more, with all kinds of auth": {
    servers: FOUR_SERVERS,
    // Of this machine; an engine has the one of azure.env.
    env: { AZURE_DEVOPS_ORG: "fabrikam" },
    azure: `  env: { AZURE_DEVOPS_ORG: contoso }
  identities: { engine: system }
  secrets:
    GITHUB_MCP_TOKEN: https://my-vault.vault.azure.net/secrets/github-mcp
    OAUTH_SECRET: https://my-vault.vault.azure.net/secrets/oauth/0123456789abcdef
`,
    files: { "multi.py": CLASSES.map((name, at) => `class U${at}(McpUser):\n    server = "${name}"\n`).join("\n") },
  },
  regions: {
    azure: `  engineInstances: 5
  regionalLoadTestConfig:
    - { region: westeurope, engineInstances: 3 }
    - { region: northeurope, engineInstances: 2 }
`,
  },
  "private network": { azure: `  subnetId: ${SUBNET}\n  publicIPDisabled: true\n` },
  "server criteria": {
    azure: `  identities: { metrics: ${IDENTITY} }\n`,
    more: `failureCriteria:
  clientMetrics:
    - avg(response_time_ms) > 3000
    - "github:tools/call:get_me": p95(response_time_ms) > 800
  serverMetrics:
    - resourceId: ${APP}
      metricName: CpuPercentage
      aggregation: Average
      condition: GreaterThan
      value: 80.5
    - resourceId: ${DATABASE}
      metricNamespace: Microsoft.Sql/servers/databases
      metricName: dtu_used
      aggregation: Maximum
      condition: LessThan
      value: 3
`,
  },
  "app components": {
    azure: `  appComponents:
    - resourceId: ${APP}
      resourceName: on
      kind: functionapp
      metrics:
        - { name: CpuPercentage, aggregation: Average }
        - { name: CpuPercentage, aggregation: Maximum }
        - { name: Requests, aggregation: Total, namespace: Microsoft.Web/sites }
    - resourceId: ${DATABASE}
`,
  },
  certificates: { azure: "  certificates: { client: https://my-vault.vault.azure.net/certificates/client }\n" },
  identities: {
    azure: `  identities:
    keyVault: ${IDENTITY}
    metrics: system
    engine: [${IDENTITY}, ${OTHER_IDENTITY}]
  secrets: { TOKEN: https://my-vault.vault.usgovcloudapi.net/secrets/token }
`,
  },
  "autoStop disabled": { more: "autoStop: disable\n" },
  "profile release with kinds of tools": {
    more: `autoStop: { errorPercentage: 50, timeWindow: 30 }
failureCriteria:
  profile: release
  toolKinds: { compute: ["learn:tools/call:search"], external: ["github:tools/call:get_me"] }
  clientMetrics:
    - p99.9(response_time_ms) > 9000
    - count(requests) < 100
    - avg(requests_per_sec) < 2
    - { criterion: percentage(error) > 0.5, local: true }
    - { criterion: percentage(success) < 99.5, local: true }
`,
  },
  "zips, further files and CSV split": {
    azure: `  zipArtifacts: [data/pages.zip]
  configurationFiles: [data/more.csv, data/words.json]
  splitAllCSVs: true
`,
    files: { "data/pages.zip": "PK", "data/more.csv": "a\n1\n", "data/words.json": "[]" },
  },
  "env and secrets that YAML could take for something else": {
    azure: `  displayName: "12:30:00"
  description: "2026-11-21"
  env:
    "NO": "no"
    "y": "1"
    OCTAL: "010"
    EXPONENT: "1e3"
    COLON: "a: b # c"
    QUOTES: 'say "hi" \\ there'
    EMPTY: ""
    UMLAUT: "ä → \\U0001F600"
    LINES: "one\\ntwo"
  secrets:
    "ON": https://my-vault.vault.azure.net/secrets/on
    SECOND: https://my-vault.vault.azure.net/secrets/second
`,
    more: `failureCriteria:
  - "on": p95(response_time_ms) > 800
  - "learn: a, b": max(response_time_ms) > 60000
`,
  },
};
