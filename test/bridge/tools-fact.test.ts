import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { Bridge } from "../../bridge/bridge.ts";
import { Redactor } from "../../bridge/redactor.ts";
import { startFaultServer } from "../../demo/faults/fault-server.ts";
import { readRun } from "../../record/read-run.ts";
import { newRoot } from "../record/samples.ts";
import { serverSettings } from "../server-settings.ts";

test("the record keeps the tools that a user listed, and no request is made for them", async () => {
  const server = await startFaultServer({ about: "has no fault" });
  const results = newRoot();
  const settings = {
    ...{ source: "test", isAimed: false, envFiles: [], folder: "/", autoStop: null, carriedSecrets: [] },
    servers: { a: serverSettings({ name: "a", url: server.url }) },
  };
  const bridge = new Bridge({
    ...{ settings, redactor: new Redactor(), environment: () => undefined, resultsRoot: results, versions: {} },
    note: () => undefined,
  });
  onTestFinished(async () => {
    await bridge.end("test is over", 100);
    await server.close();
    rmSync(results, { recursive: true });
  });
  const times = () => ({ at: performance.now(), late: null });
  const share = { index: 0, of: 1 };
  const dir = await bridge.start({ op: "start", id: 1, run: "a-run", part: null, share, plan: {}, tally: null });
  await bridge.operations.open({ op: "open", id: 2, session: 1, server: "a", user: 0, ...times() });
  const call = { op: "call", session: 1, params: {}, as: null, timeoutMs: null, body: false } as const;
  await bridge.operations.call({ ...call, id: 3, method: "ping", ...times() });
  for (const id of [4, 5]) await bridge.operations.call({ ...call, id, method: "tools/list", ...times() });
  await bridge.stop("run time", null);

  const { facts, operations } = readRun(dir).file;
  expect(facts.tools?.a).toMatchObject({ more: 0, differing: [] });
  expect(Object.keys(facts.tools?.a?.tools ?? {})).toEqual(["db-query", "read-large-file", "search"]);
  expect(operations["a:tools/list"]?.count).toBe(2);
});
