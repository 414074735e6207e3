import { expect, test } from "vitest";
import { checkServer } from "../../../auth/check/check-server.ts";
import type { Step } from "../../../auth/check/step.ts";
import type { Surroundings } from "../../../auth/world.ts";
import { serverSettings } from "../../server-settings.ts";
import { FakeWorld } from "../fake-world.ts";

test("a defect is the last step of its server's check, without its message", async () => {
  const server = serverSettings();
  const surroundings: Surroundings = {
    ...new FakeWorld(),
    http: () => Promise.reject(new TypeError("canary")),
    lookup: () => undefined,
    folder: "/",
    server,
    report: () => undefined,
    learn: () => undefined,
  };
  const steps: Step[] = [];
  for await (const step of checkServer({ server, auth: server.auth, surroundings })) steps.push(step);
  expect(steps.map(({ id }) => id)).toEqual(["credential", "check"]);
  expect(steps[1]).toMatchObject({
    status: "fail",
    finding: "DEFECT",
    sentence: "a defect of swarmbridge, and none of your input: TypeError",
  });
});
