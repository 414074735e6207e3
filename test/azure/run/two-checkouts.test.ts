/** Two checkouts that submit to one test at the same time, at the strict fake of the service, over real sockets. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { DataPlane } from "../../../azure/plane/data-plane.ts";
import { download } from "../../../azure/plane/download.ts";
import { planesFor } from "../../../azure/plane/planes.ts";
import { REAL_CLOCK } from "../../../azure/run/clock.ts";
import { PACE } from "../../../azure/run/pace.ts";
import { type Preparation, prepareTest } from "../../../azure/run/submit.ts";
import { credential, forgetMachine, trustFakes } from "../../auth/azure/azure-harness.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { FakeLoadTesting } from "../../fakes/load-testing/fake-load-testing.ts";

beforeAll(() => {
  forgetMachine();
  trustFakes();
});

const DATA = { name: "data.csv", kind: "ADDITIONAL_ARTIFACTS", bytes: 6 } as const;
const SCRIPT = { name: "multi.py", kind: "TEST_SCRIPT", bytes: 14 } as const;

const planeOf = async (fake: FakeLoadTesting, folder: string): Promise<DataPlane> => {
  const { cloud, credential: login } = fake.settings;
  const variables: Readonly<Record<string, string>> = fake.variables;
  const planes = await planesFor(
    { cloud, credential: credential({ ...login }) },
    { lookup: (name) => variables[name], learn: () => undefined, folder },
  );
  const resource = await planes.control.loadTest(fake.world.resourceId);
  return planes.data(resource?.dataPlaneHost ?? "");
};

test("data that the other one sends while our script is on its way is seen, and the next submission sends ours", async () => {
  const fake = new FakeLoadTesting({ timing: { validationMs: 5 } });
  await fake.start();
  onTestFinished(() => fake.stop());
  const folder = temporaryProject({ "data.csv": "ours!!", "multi.py": "import locust\n" });
  const theirs = join(folder, "theirs");
  mkdirSync(theirs);
  writeFileSync(join(theirs, "data.csv"), "theirs");
  const plane = await planeOf(fake, folder);
  let isAlone = false;
  const disturbed: DataPlane = {
    ...plane,
    putFile: async (testId, file, onBytes) => {
      if (file.kind === "TEST_SCRIPT" && !isAlone) {
        await plane.putFile(testId, { ...DATA, path: join(theirs, DATA.name) }, () => undefined);
      }
      return plane.putFile(testId, file, onBytes);
    },
  };
  const context = {
    plane: disturbed,
    clock: REAL_CLOCK,
    pace: { ...PACE, validationPollMs: 5 },
    tell: () => undefined,
    downloads: {
      file: (url: string, path: string) => download(url, path, { mostBytes: 1000 }),
      container: () => Promise.reject(new Error("was not expected")),
    },
  };
  const load = { engineInstances: 1, splitAllCSVs: false };
  const given: Preparation = {
    testId: "nightly",
    resourceId: fake.world.resourceId,
    patches: {
      test: (remote) =>
        remote === null ? { kind: "Locust", displayName: "Nightly", loadTestConfiguration: load } : null,
      appComponents: () => null,
      serverMetrics: () => null,
    },
    folder,
    files: [DATA, SCRIPT],
    noteFile: join(folder, "note.json"),
  };
  await expect(prepareTest(context, given)).rejects.toMatchObject({
    code: "AZURE_CONFLICT",
    sentence: expect.stringContaining("somebody else has changed data.csv"),
  });
  isAlone = true;
  await prepareTest(context, given);
  const held = (await plane.test("nightly"))?.files.find(({ fileName }) => fileName === DATA.name)?.link ?? "";
  expect(await (await fetch(held)).text()).toBe("ours!!");
});
