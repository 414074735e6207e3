import { join } from "node:path";
import { expect, test } from "vitest";
import { newestLocalRun } from "../../../azure/plan/local-record.ts";
import type { Origin } from "../../../record/origin.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { recordHead } from "./record-head.ts";

const headOf = (servers: readonly string[], state: "running" | "complete" = "complete"): string =>
  JSON.stringify(recordHead({ users: 1, seconds: 60, operations: {}, servers, state }));

const BOTH = { servers: ["mine", "other"] } as const;

const FROM_AZURE: Origin = {
  kind: "azure",
  testRunId: "20261109-000000-azure",
  testId: "nightly",
  engineCount: 1,
  clocks: "unchecked",
  engines: [],
  unused: [],
};

test("the newest finished local run that measured these servers is taken, whatever lies beside it", () => {
  const results = temporaryProject({
    "20261101-000000-old/run.json": headOf(["mine", "other"]).replace("20261121-120000", "20261101-000000"),
    "20261102-000000-new/run.json": headOf(["mine", "other"]),
    "20261103-000000-others/run.json": headOf(["other"]),
    "20261104-000000-running/run.json": headOf(["mine", "other"], "running"),
    "20261105-000000-broken/run.json": "{",
    "20261106-000000-empty/azure.json": "{}",
    "20261107-000000-short/run.json": JSON.stringify(recordHead({ users: 1, seconds: 2, operations: {}, ...BOTH })),
    "20261108-000000-nobody/run.json": JSON.stringify(recordHead({ users: 0, seconds: 60, operations: {}, ...BOTH })),
    "20261109-000000-azure/run.json": JSON.stringify({
      ...recordHead({ users: 1, seconds: 60, operations: {}, ...BOTH }),
      id: "20261109-000000-azure",
      origin: FROM_AZURE,
    }),
    "a-file": "",
  });
  expect(newestLocalRun(results, ["mine"])?.id).toBe("20261121-120000-multi-abcd");
  expect(newestLocalRun(results, ["nobody"])).toBeNull();
  expect(newestLocalRun(join(results, "none"), ["mine"])).toBeNull();
});

test("the newest is the one that started last, whatever its folder is called", () => {
  const later = headOf(["mine"]).replaceAll("2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z");
  const results = temporaryProject({
    "20261122-120000-later/run.json": later,
    "nightly-1/run.json": headOf(["mine"]),
  });
  expect(newestLocalRun(results, ["mine"])?.startedAt).toBe("2026-11-22T12:00:00Z");
});
