/** All that is sent, against Microsoft's own description. Its files are not ours to ship: a variable names their folder. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { CONTROL_PLANE_VERSION, controlPlane, loadTestId } from "../../../azure/plane/control-plane.ts";
import { type DataPlane, dataPlane, type TestBody } from "../../../azure/plane/data-plane.ts";
import { OpenApiCheck, openApiMissing } from "../../fakes/load-testing/open-api.ts";
import { openApi } from "./open-api.ts";
import { answered, fakeService, serviceAt, trustFakes } from "./plane-harness.ts";

const folder = process.env.SWARMBRIDGE_OPENAPI ?? "";
const missing = openApiMissing();

const GROUP = "/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/g/providers";
const ITEM = `${GROUP}/Microsoft.Web/sites/mcp`;
/** Every field that can be sent. */
const BODY: Required<TestBody> = {
  displayName: "Nightly",
  description: null,
  kind: "Locust",
  loadTestConfiguration: {
    engineInstances: 3,
    splitAllCSVs: true,
    regionalLoadTestConfig: [
      { region: "westeurope", engineInstances: 1 },
      { region: "northeurope", engineInstances: 2 },
    ],
  },
  passFailCriteria: {
    passFailMetrics: {
      a: {
        clientMetric: "response_time_ms",
        aggregate: "p95",
        condition: ">",
        value: 800,
        action: "continue",
        requestName: "x",
      },
      gone: null,
    },
    passFailServerMetrics: {
      b: {
        resourceId: ITEM,
        metricNamespace: "Microsoft.Web/sites",
        metricName: "CpuTime",
        aggregation: "Average",
        condition: "GreaterThan",
        value: 80,
        action: "continue",
      },
    },
  },
  autoStopCriteria: {
    autoStopDisabled: false,
    errorRate: 90,
    errorRateTimeWindowInSeconds: 60,
    maximumVirtualUsersPerEngine: 5000,
  },
  secrets: { S: { type: "AKV_SECRET_URI", value: "https://v.vault.azure.net/secrets/s" }, gone: null },
  certificate: { type: "AKV_CERT_URI", value: "https://v.vault.azure.net/certificates/c", name: "c" },
  environmentVariables: { A: "1", gone: null },
  subnetId: `${GROUP}/Microsoft.Network/virtualNetworks/v/subnets/s`,
  publicIPDisabled: true,
  keyvaultReferenceIdentityType: "SystemAssigned",
  keyvaultReferenceIdentityId: null,
  metricsReferenceIdentityType: "UserAssigned",
  metricsReferenceIdentityId: `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/i`,
  engineBuiltInIdentityType: "None",
  engineBuiltInIdentityIds: null,
};

const everyCall = async (plane: DataPlane, path: string): Promise<void> => {
  const ignored = () => undefined;
  await plane.test("nightly").catch(ignored);
  await plane.patchTest("nightly", BODY).catch(ignored);
  for (const kind of ["ADDITIONAL_ARTIFACTS", "ZIPPED_ARTIFACTS", "USER_PROPERTIES", "TEST_SCRIPT"]) {
    await plane.putFile("nightly", { name: "a.py", kind, bytes: 1, path }, ignored).catch(ignored);
  }
  await plane.files("nightly").catch(ignored);
  await plane.deleteFile("nightly", "a.py");
  await plane.appComponents("nightly").catch(ignored);
  const component = { resourceName: "mcp", resourceType: "Microsoft.Web/sites", kind: "app" };
  await plane.patchAppComponents("nightly", { components: { [ITEM]: component, gone: null } });
  await plane.serverMetrics("nightly").catch(ignored);
  const metric = {
    resourceId: ITEM,
    metricNamespace: "Microsoft.Web/sites",
    name: "CpuTime",
    aggregation: "Average",
    resourceType: "Microsoft.Web/sites",
  };
  await plane.patchServerMetrics("nightly", { metrics: { m: metric, gone: null } });
  await plane.startRun("run-1", { testId: "nightly", displayName: "one", description: "d" }).catch(ignored);
  await plane.run("run-1").catch(ignored);
  await plane.runs("nightly", 10).catch(ignored);
  await plane.stopRun("run-1");
  const when = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:01:00Z" };
  const query = { name: "n", namespace: "s", aggregation: "Average", interval: "PT5S", ...when } as const;
  await plane.metrics("run-1", query).catch(ignored);
  await plane.deleteRun("run-1");
  await plane.deleteTest("nightly");
};

describe.skipIf(missing !== null)(
  `as Microsoft describes it${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(trustFakes);

    test("the data plane takes every call", async () => {
      const faults = openApi(join(folder, "loadtesting-2026-04-01.openapi.json"));
      const bodies = new OpenApiCheck(folder);
      const { origin, asked } = await fakeService([answered(200, {})]);
      const files = mkdtempSync(join(tmpdir(), "open-api-"));
      onTestFinished(() => rmSync(files, { recursive: true }));
      writeFileSync(join(files, "a.py"), "#");
      await everyCall(
        dataPlane(serviceAt(origin), () => undefined),
        join(files, "a.py"),
      );
      expect(asked).toHaveLength(19);
      expect(asked.flatMap(faults)).toEqual([]);
      for (const { method, url, headers, body } of asked) {
        const isJson = headers["content-type"]?.includes("json") === true;
        if (isJson) bodies.request(method, url.pathname, JSON.parse(body.toString()));
      }
      expect([bodies.checked, bodies.faults]).toEqual([5, []]);
      const [patched] = asked.filter(({ method }) => method === "PATCH");
      if (patched === undefined) throw new Error("nothing was patched");
      // The judge can say no.
      expect(faults({ ...patched, headers: { "content-type": "application/json" } })).toHaveLength(1);
      expect(faults({ ...patched, url: new URL("/tests/a?other=1", origin) })).toHaveLength(2);
    });

    test("the control plane takes every call about load testing", async () => {
      const faults = openApi(join(folder, "loadtesting-arm-2022-12-01.openapi.json"));
      const { origin, asked } = await fakeService([answered(200, { value: [] })]);
      const plane = controlPlane(serviceAt(origin, { apiVersion: CONTROL_PLANE_VERSION }));
      const subscription = "11111111-0000-0000-0000-000000000000";
      await plane.loadTest(loadTestId({ subscription, resourceGroup: "g", resource: "mcp" })).catch(() => undefined);
      await plane.quotas(subscription, "westeurope");
      expect(asked).toHaveLength(2);
      expect(asked.flatMap(faults)).toEqual([]);
    });
  },
);
