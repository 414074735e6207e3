import { expect, test, vi } from "vitest";
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

test.each([
  ["stdio", "the server is a process: it gets its credential through stdio.env"],
  ["sse", "a server over sse is not asked here: a run shows whether it takes the credential"],
] as const)(
  "a server over %s is not asked over HTTP, and its token is looked at all the same",
  async (transport, why) => {
    const http = vi.fn(() => Promise.reject(new TypeError("asked")));
    const auth = transport === "sse" ? { strategy: "bearer", env: "TOKEN", optional: false } : { strategy: "none" };
    const server = serverSettings({ transport, auth, ...(transport === "stdio" && { url: "stdio:learn" }) });
    const surroundings: Surroundings = {
      ...new FakeWorld(),
      http,
      lookup: (name) => (name === "TOKEN" ? "an-opaque-token" : undefined),
      folder: "/",
      server,
      report: () => undefined,
      learn: () => undefined,
    };
    const steps: Step[] = [];
    for await (const step of checkServer({ server, auth: server.auth, surroundings })) steps.push(step);
    expect(steps.find(({ id }) => id === "challenge")).toMatchObject({ status: "skip", sentence: why });
    expect(steps.some(({ id }) => id === "token")).toBe(transport === "sse");
    expect(steps.some(({ status }) => status === "fail")).toBe(false);
    expect(http).not.toHaveBeenCalled();
  },
);
