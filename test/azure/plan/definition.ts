/** A test as it is defined, made by hand, for tests of what is planned with it. */

import { type AzureSettings, azureSchema } from "../../../azure/azure-schema.ts";
import type { Target, TestDefinition } from "../../../azure/definition/test-definition.ts";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/load-tests/providers`;
export const READER = `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;

export const settings = (more: Readonly<Record<string, unknown>> = {}): AzureSettings => {
  const place = { subscription: SUBSCRIPTION, resourceGroup: "load-tests", resource: "mcp-load" };
  const parsed = azureSchema.parse({ ...place, testId: "nightly", ...more });
  if (parsed === undefined) throw new Error("there are settings");
  return parsed;
};

export const target = (more: Partial<Target> = {}): Target => ({
  name: "mine",
  url: "https://mcp.example.com/mcp",
  class: "public",
  allow: null,
  missing: null,
  ...more,
});

export const definition = (
  azure: Readonly<Record<string, unknown>> = {},
  more: Partial<TestDefinition> = {},
): TestDefinition => ({
  azure: settings(azure),
  load: { users: 100, spawnRate: 10, runTimeSeconds: 1800 },
  client: [],
  server: [],
  autoStop: null,
  env: {},
  files: [],
  targets: [target()],
  warnings: [],
  ...more,
});
