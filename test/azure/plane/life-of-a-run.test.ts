/** Both planes and the storage, from an empty subscription to the results of a run, at the strict fake of the service. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { download } from "../../../azure/plane/download.ts";
import { planesFor } from "../../../azure/plane/planes.ts";
import { credential, forgetMachine, trustFakes } from "../../auth/azure/azure-harness.ts";
import { FakeLoadTesting } from "../../fakes/load-testing/fake-load-testing.ts";
import { azureError, handClock } from "./plane-harness.ts";

beforeAll(() => {
  forgetMachine();
  trustFakes();
});

/** The fake's clock is the real one. */
const PATIENT = { timeout: 10_000 };

test("a test is made, its files are sent over a line that breaks, it runs, and its results are fetched", async () => {
  const fake = new FakeLoadTesting({ timing: { stateMs: 5, executingMs: 20, validationMs: 10 } });
  await fake.start();
  const folder = mkdtempSync(join(tmpdir(), "life-"));
  onTestFinished(async () => {
    await fake.stop();
    rmSync(folder, { recursive: true });
  });
  const { cloud, credential: login } = fake.settings;
  const variables: Readonly<Record<string, string>> = fake.variables;
  const learned: string[] = [];
  const learn = (secret: string) => void learned.push(secret);
  const planes = await planesFor(
    { cloud, credential: credential({ ...login }) },
    { lookup: (name) => variables[name], learn, folder },
    { clock: handClock() },
  );

  const resource = await planes.control.loadTest(fake.world.resourceId);
  const data = planes.data(resource?.dataPlaneHost ?? "");
  expect(await data.test("nightly")).toBeNull();
  const load = { engineInstances: 1, splitAllCSVs: false };
  await data.patchTest("nightly", { kind: "Locust", displayName: "Nightly", loadTestConfiguration: load });
  await data.patchTest("nightly", { environmentVariables: { LOCUST_USERS: "2", LOCUST_RUN_TIME: "1" } });

  const path = join(folder, "multi.py");
  writeFileSync(path, `import locust\n${"# a long script\n".repeat(50_000)}`);
  const { size: bytes } = statSync(path);
  fake.faults.dataPlane.cutUploadAfterBytes = bytes / 2;
  fake.faults.dataPlane.throttled = 2;
  await data.putFile("nightly", { name: "multi.py", kind: "TEST_SCRIPT", bytes, path }, () => undefined);
  await expect
    .poll(() => data.test("nightly").then((made) => made?.files.map((file) => file.validationStatus)), PATIENT)
    .toEqual(["VALIDATION_SUCCESS"]);

  await data.startRun("20260101-one", { testId: "nightly", displayName: "one" });
  fake.faults.expiredLinks = 1;
  await expect.poll(() => data.run("20260101-one").then((run) => run?.status), PATIENT).toBe("DONE");
  await expect.poll(() => data.run("20260101-one").then((run) => run?.artifacts.results), PATIENT).toBeTruthy();
  const toPath = join(folder, "results.zip");
  const fetched = async (): Promise<void> => {
    const run = await data.run("20260101-one");
    await download(run?.artifacts.results?.url ?? "", toPath, { mostBytes: 10_000_000, clock: handClock() });
  };
  await fetched();
  expect(readFileSync(toPath).subarray(0, 2).toString()).toBe("PK");
  fake.faults.expiredLinks = 1;
  expect((await azureError(fetched())).code).toBe("AZURE_LINK_EXPIRED");
  await fetched();

  expect((await data.runs("nightly", 5)).map(({ testRunId }) => testRunId)).toEqual(["20260101-one"]);
  await data.deleteRun("20260101-one");
  await data.deleteTest("nightly");
  expect(await data.test("nightly")).toBeNull();
  expect(fake.openApi.faults).toEqual([]);
  expect(learned.length).toBeGreaterThan(2);
});
