import { expect, test } from "vitest";
import { isAskersService, microsoftResource } from "../../../auth/azure/microsoft-resources.ts";

const DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798";

test.each([
  [DEVOPS, "mcp.dev.azure.com", true],
  ["https://app.vssps.visualstudio.com", "contoso.visualstudio.com", true],
  [DEVOPS, "mcp.dev.azure.com.evil.example", false],
  [`api://another-${DEVOPS}`, "mcp.dev.azure.com", false],
  ["00000003-0000-0000-c000-000000000000", "mcp.dev.azure.com", false],
  ["https://mcp.example.com", "mcp.example.com", false],
])("that %s is the service of %s is %s", (resource, asker, isOwn) => {
  expect(isAskersService(resource, asker)).toBe(isOwn);
});

test.each([
  "https://management.azure.com",
  "HTTPS://Management.Azure.Com./",
  "https://user:x@graph.microsoft.com/",
  "https://account.blob.core.windows.net",
  `${DEVOPS}/.default`,
  "api://797f4846-ba00-4fd7-ba43-dac1f8f63013",
])("%s is Microsoft's, however it is written", (resource) => expect(microsoftResource(resource)).not.toBeNull());

test.each(["api://mcp", "https://mcp.example.com", "https://graph.microsoft.com.evil.example", "constructor"])(
  "%s is not",
  (resource) => expect(microsoftResource(resource)).toBeNull(),
);
