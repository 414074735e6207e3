import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { checkedHost } from "../../../azure/plane/data-plane-host.ts";

const OWN = { management: "https://arm.example", audience: "https://cnt.example", portal: "https://portal.example" };

test.each([
  ["guid.westeurope.cnt-prod.loadtesting.azure.com", "public"],
  ["GUID.WestEurope.cnt-prod.LoadTesting.azure.com", "public"],
  ["guid.usgovvirginia.cnt-prod.loadtesting.azure.us", "usgov"],
  ["127.0.0.1:8443", OWN],
] as const)("%s is a data plane", (host, cloud) => {
  expect(checkedHost(host, cloud)).toBe(host);
});

test.each([
  ["evil.example", "public"],
  ["guid.cnt-prod.loadtesting.azure.us", "public"],
  ["guid.cnt-prod.loadtesting.azure.com.evil.example", "public"],
  ["evil.example/.loadtesting.azure.com", "public"],
  ["evil.example#.loadtesting.azure.com", "public"],
  ["user@x.loadtesting.azure.com", "public"],
  ["fakeloadtesting.azure.com", "public"],
  ["", OWN],
  ["a b", OWN],
  ["evil.example/path", OWN],
] as const)("%j is none: no token goes there", (host, cloud) => {
  expect(() => checkedHost(host, cloud)).toThrow(AzureError);
});
