import { expect, test } from "vitest";
import { microsoftResource } from "../../../auth/azure/microsoft-resources.ts";

const DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798/.default";

test("only Azure DevOps' own servers may ask for Azure DevOps", () => {
  expect(microsoftResource(DEVOPS, "mcp.dev.azure.com")).toBeNull();
  expect(microsoftResource(DEVOPS, "contoso.visualstudio.com")).toBeNull();
  expect(microsoftResource(DEVOPS, "mcp.dev.azure.com.evil.example")).toBe("Azure DevOps");
  expect(microsoftResource(DEVOPS)).toBe("Azure DevOps");
});

test.each([
  "https://management.azure.com",
  "HTTPS://Management.Azure.Com./",
  "https://user:x@graph.microsoft.com/",
  "https://account.blob.core.windows.net",
  "api://797f4846-ba00-4fd7-ba43-dac1f8f63013",
])("%s is Microsoft's, however it is written", (resource) => expect(microsoftResource(resource)).not.toBeNull());

test.each(["api://mcp", "https://mcp.example.com", "https://graph.microsoft.com.evil.example", "constructor"])(
  "%s is not",
  (resource) => expect(microsoftResource(resource)).toBeNull(),
);
